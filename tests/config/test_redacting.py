"""What goes into logs: nothing of a customer, one line a record."""

import pytest

from config.redacting import error_words, one_line, redact


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("no answer from 13812345678 at 9", "no answer from [number] at 9"),
        ("+86 138 1234 5678", "[number]"),
        ("0571-87654321", "[number]"),
        ("identity 33010619800101123X", "identity [number]X"),
        ("customer 张三 said", "customer [text] said"),
        ("q=%E5%BC%A0%E4%B8%89 and \\u5f20\\u4e09", "q=[text] and [text]"),
        ("张三".encode().decode("latin-1"), "[text]"),
        ("car 沪A12345", "car [plate]"),
        ("LSVAA4182E2123456 came", "[vehicle] came"),
        ("write to zhang.san@example.com", "write to [address]"),
        ("took 123456 ms on 2026-03-02", "took 123456 ms on 2026-03-02"),
        ("task 1234567", "task [number]"),
        ('duplicate key "x"\nDETAIL:  Key (number)=(Zhang) already exists.', 'duplicate key "x"\n[detail]'),
    ],
)
def test_what_may_name_a_customer_is_taken_out(text, safe):
    assert redact(text) == safe


def test_a_line_stays_one_line_and_colours_nothing():
    assert one_line("a\n2026 login ok\r\x1b[31mred\u2028\u202e") == "a\\n2026 login ok\\r\\x1b[31mred\\x2028\\x202e"


def test_an_error_is_a_short_safe_line():
    assert error_words(ValueError("王小明\n13912345678")) == "ValueError: [text]\\n[number]"
    assert len(error_words(ValueError("x" * 9000))) == 500
    assert error_words(KeyError()) == "KeyError"
