"""A sound pack is read with its meaning; a faulty one is refused with its place, what was found and what is allowed."""

from datetime import date
from decimal import Decimal

import pytest

from config.packs.duration import Duration
from config.packs.errors import PackErrors
from config.packs.persons import Person
from config.packs.read import read_pack
from config.packs.references import Company
from tests.packs import HEAD, pack, refusal, refusals

RULE = '[[visit_rule]]\ncode = "r"\ntrigger = "deal"\n'
STEP = '[[visit_rule.step]]\ncode = "s"\ncloses = "7d"\n'
ASKED = '[[questionnaire]]\ncode = "q"\n[[questionnaire.question]]\ncode = "css"\n'
PENALTY = '[[penalty]]\ncode = "p"\n'


def step(text: str):
    """Return the only step of a rule whose step says `text`."""
    return pack(RULE + STEP + text).visit_rule[0].step[0]


# What is read


def test_a_single_value_stands_for_a_list_of_one():
    found = step('assign = "advisor"\nwhen = { field = "css", op = "<", value = 120 }')
    assert found.assign == (Person("advisor"),)
    assert [condition.field for condition in found.when] == ["css"]


def test_a_single_table_stands_for_a_list_of_one():
    assert pack('[report]\ncode = "daily"').report[0].code == "daily"


def test_empty_values_mean_that_the_key_is_left_out():
    empty = step('script = ""\nneeds = []\nevery = ""\nsample = {}\ntimes = ""')
    assert empty == step("")


def test_the_first_of_several_alternatives_is_the_default():
    found = step("")
    assert (found.match, found.anchor, found.counts, found.align, found.shift) == (
        "all", "event", "rule", "none", "none",
    )  # fmt: skip
    assert (found.other_channel, found.evidence, found.promotion, found.appointment) == ("reason", "none", True, False)
    assert (found.opens, found.max_attempts, found.retry_after, found.priority) == (
        Duration(0, "d"), 3, Duration(4, "h"), 50,
    )  # fmt: skip


def test_rates_and_amounts_are_exact():
    assert step('sample = { rate = 0.07, per = "day" }').sample.rate * 100 == 7
    assert pack(PENALTY + "amount = 0.1").penalty[0].amount * 3 == Decimal("0.3")


def test_a_steps_keys_on_the_rule_are_defaults_that_a_step_overrides():
    rule = pack(
        RULE + 'closes = "2d"\nassign = "owner"\nshift = "next"\n'
        '[[visit_rule.step]]\ncode = "a"\n[[visit_rule.step]]\ncode = "b"\ncloses = "5d"\nshift = ""\n'
    ).visit_rule[0]
    first, second = rule.step
    assert (first.closes, first.shift) == (Duration(2, "d"), "next")
    assert (second.closes, second.shift) == (Duration(5, "d"), "none")
    assert first.assign == second.assign == (Person("owner"),)


def test_a_steps_own_way_of_coming_again_replaces_the_rules():
    rule = pack(
        RULE + 'closes = "2d"\nevery = "3m"\n[[visit_rule.step]]\ncode = "a"\nalign = "month"\n'
        '[[visit_rule.step]]\ncode = "b"\n'
    ).visit_rule[0]
    assert [(found.align, str(found.every)) for found in rule.step] == [("month", "None"), ("none", "3m")]


def test_a_visit_of_a_calendar_period_is_due_by_its_end_where_nothing_else_is_said():
    text = RULE + '[[visit_rule.step]]\ncode = "s"\nalign = "quarter"\n'
    assert pack(text).visit_rule[0].step[0].closes == Duration(0, "d")


def test_the_code_of_a_kpi_is_its_metric_where_none_is_given():
    assert pack('[[kpi]]\nmetric = "timely_rate"').kpi[0].code == "timely_rate"


def test_segments_taken_whole_are_written_as_codes_or_conditions():
    text = '[[segment]]\ncode = "vip"\n' + RULE + STEP
    short = pack(text + 'sample = { rate = 0.3, always = ["vip"] }').visit_rule[0].step[0]
    long = pack(text + 'sample = { rate = 0.3, always = [{ field = "segment", op = "==", value = "vip" }] }')
    assert short == long.visit_rule[0].step[0]


def test_a_satisfied_score_begins_at_80_percent_unless_the_question_says_otherwise():
    assert pack(ASKED + "max = 120").questionnaire[0].question[0].good_from == 96
    assert pack(ASKED + "max = 120\ngood = 110").questionnaire[0].question[0].good_from == 110


def test_titles_may_stand_everywhere():
    assert step('title = "首次回访"').title == "首次回访"
    assert pack('[[clause]]\nref = "1"\ntitle = "目的"\n[ledger]\ntitle = "台账"').ledger.title == "台账"


def test_a_day_may_be_written_as_text():
    assert read_pack('[policy]\nslug = "a"\neffective_from = "2026-01-01"').policy.effective_from == date(2026, 1, 1)


def test_a_byte_order_mark_is_no_fault():
    assert read_pack("\ufeff" + HEAD).policy.slug == "shop"


@pytest.mark.parametrize(
    "person", ["advisor", "owner", "line_manager", "role:hr", "role:cs_supervisor@area", "pool:desk", "named", "staff"]
)
def test_persons_are_read_and_written_alike(person):
    assert str(step(f'assign = "{person}"').assign[0]) == person


def test_codes_of_the_company_need_no_declaration():
    text = HEAD + RULE + STEP + 'when = { field = "segment", op = "==", value = "vip" }\nassign = "role:pilot"'
    company = Company(segment=frozenset({"vip"}), role=frozenset({"pilot"}))
    assert read_pack(text, company=company).visit_rule[0].step[0].assign == (Person("role", "pilot"),)
    with pytest.raises(PackErrors):
        read_pack(text)


# What is refused, and where


def test_an_unknown_key_is_named_with_its_line_and_the_nearest_key():
    error = refusal(RULE + STEP + 'whn = []\nevery = "1m"')
    assert (error.file, error.line, error.path) == ("shop.toml", 10, "visit_rule[r].step[s].whn")
    assert (error.found, error.mend) == ("whn", "perhaps when is meant")
    assert str(error).startswith("shop.toml:10 visit_rule[r].step[s].whn: ")


def test_an_unknown_section_is_named_with_the_nearest_one():
    error = refusal('[[visit_rules]]\ncode = "r"')
    assert (error.line, error.path, error.found, error.mend) == (
        4, "visit_rules", "visit_rules", "perhaps visit_rule is meant",
    )  # fmt: skip


def test_a_missing_key_is_named_with_the_line_of_its_table():
    error = refusal(RULE + '[[visit_rule.step]]\ncode = "s"\n')
    assert (error.line, error.path) == (7, "visit_rule[r].step[s].closes")
    assert "closes" in error.problem


def test_a_step_without_a_code_is_told_as_the_step_and_not_as_its_rule():
    error = refusal(RULE + '[[visit_rule.step]]\ncloses = "1d"\n')
    assert (error.line, error.path) == (7, "visit_rule[r].step[1].code")


def test_all_faults_are_told_at_once_in_the_order_of_their_lines():
    errors = refusals(
        '[[clause]]\nref = "1"\nenforced_by = "report:dayly"\n[[report]]\ncode = "daily"\n'
        + RULE + 'closes = "1x"\n[[visit_rule.step]]\ncode = "s"\nsample = { rate = 7 }\n'
    )  # fmt: skip
    assert [(error.line, error.path) for error in errors] == [
        (6, "clause[1].enforced_by[1]"),
        (12, "visit_rule[r].closes"),
        (15, "visit_rule[r].step[s].sample.rate"),
    ]


def test_a_wrong_default_of_a_rule_is_told_once_however_many_steps_it_has():
    error = refusal(RULE + 'closes = "1x"\n[[visit_rule.step]]\ncode = "a"\n[[visit_rule.step]]\ncode = "b"\n')
    assert (error.line, error.path) == (7, "visit_rule[r].closes")


def test_what_a_faulty_entry_would_have_declared_is_not_called_missing():
    errors = refusals('[[role]]\ncode = "pilot"\nlik = "hr"\n' + RULE + STEP + 'assign = "role:pilot"')
    assert [error.path for error in errors] == ["role[pilot].lik"]


def test_text_that_is_no_toml_is_refused_with_its_line():
    (error,) = refusals("x = \n", head=HEAD)
    assert (error.file, error.line) == ("shop.toml", 4)


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        (RULE + STEP + 'opens = "8d"\n', "visit_rule[r].step[s]", "a closing at or after the opening"),
        (RULE + STEP + 'opens = "2w"\n', "visit_rule[r].step[s]", "a closing at or after the opening"),
        (RULE + STEP + 'opens = "1 d"\n', "visit_rule[r].step[s].opens", "a whole number and one of"),
        (RULE + STEP + 'every = "3h"\n', "visit_rule[r].step[s].every", "in days or longer"),
        (RULE + STEP + 'every = "3m"\nalign = "month"\n', "visit_rule[r].step[s]", "one of the two"),
        (RULE + STEP + 'every = "3m"\nanchor = "previous_visit"\n', "visit_rule[r].step[s]", "opens and closes"),
        (RULE + STEP + 'anchor = "last"\n', "visit_rule[r].step[s].anchor", "event | previous_visit"),
        (RULE + STEP + "times = 0\n", "visit_rule[r].step[s].times", "from 1 on"),
        (RULE + STEP + 'times = "4"\n', "visit_rule[r].step[s].times", "from 1 on"),
        (RULE + STEP + "priority = 101\n", "visit_rule[r].step[s]", "0 (lowest) to 100 (highest)"),
        (RULE + STEP + "min_seconds = 60\nmax_seconds = 30\n", "visit_rule[r].step[s]", "at least min_seconds"),
        (RULE + STEP + 'channels = ["phone"]\n', "visit_rule[r].step[s].channels[1]", "desk_phone | mobile"),
        (RULE + STEP + 'assign = "boss"\n', "visit_rule[r].step[s].assign[1]", "advisor | owner"),
        (RULE + STEP + 'promotion = "no"\n', "visit_rule[r].step[s].promotion", "true | false"),
        (RULE + STEP + 'appointment = "yes"\n', "visit_rule[r].step[s].appointment", "false | true | onsite"),
        (RULE + STEP + "sample = { rate = 0 }\n", "visit_rule[r].step[s].sample.rate", "above 0 and up to 1"),
        (RULE + STEP + "sample = { min = 1 }\n", "visit_rule[r].step[s].sample", "either rate"),
        (RULE + STEP + "sample = { rate = 0.3, count = 2 }\n", "visit_rule[r].step[s].sample", "either rate"),
        (RULE + STEP + 'when = { field = "css", op = "<", value = "1" }\n', "visit_rule[r].step[s].when[1]", "without"),
        (RULE + STEP + 'when = { field = "css", op = "=<", value = 1 }\n', "visit_rule[r].step[s].when.op", "=="),
        (RULE + STEP + 'when = { field = "css", op = "==", value = [1] }\n', "visit_rule[r].step[s].when[1]", "in t"),
        ('[[visit_rule]]\ncode = "r"\ntrigger = ["customer", "deal"]\n' + STEP, "visit_rule[r]", "customer alone"),
        ('[[visit_rule]]\ncode = "a:b"\ntrigger = "deal"\n' + STEP, "visit_rule[a:b].code", "none of"),
        (ASKED + 'kind = "score"\n', "questionnaire[q].question[css]", "max"),
        (ASKED + 'kind = "choice"\n', "questionnaire[q].question[css]", "options"),
        (ASKED + 'options = ["是"]\nask_why = ["否"]\n', "questionnaire[q].question[css]", "是"),
        (ASKED + 'kind = "stars"\n', "questionnaire[q].question[css].kind", "score | rating"),
        (PENALTY + "amount = 5\ntiers = [10]\n", "penalty[p]", "one of amount, tiers, range"),
        (PENALTY + "range = [200, 50]\n", "penalty[p]", "[lowest, highest]"),
        (PENALTY + "amount = -5\n", "penalty[p].amount", "0 or more"),
        (PENALTY + 'violation = "report_lat"\n', "penalty[p].violation[1]", "report_late"),
        ('[[reward]]\ncode = "p"\nmetric = "nps"\n', "reward[p]", "op with threshold"),
        ('[[reward]]\ncode = "p"\nmetric = "nps"\ntop = 0.1\ntop_n = 1\n', "reward[p]", "one of the two"),
        ('[calling_hours]\nallowed = ["09:00-25:00"]\n', "calling_hours.allowed[1]", "HH:MM-HH:MM"),
        ('[calling_hours]\nallowed = ["18:00-09:00"]\n', "calling_hours", "inside one day"),
        ('[[report]]\ncode = "d"\nat = "9:00"\n', "report[d].at", "HH:MM"),
        ('[[event_kind]]\ncode = "k"\nevery = "1y"\n', "event_kind[k]", "start (a day) and every"),
        ('[[scorecard]]\ncode = "c"\nof = "call"\ntotal = 8\nitems = { code = "i", weight=9 }\n', "scorecard[c]", "8"),
        ('[return_appointment]\nanchor = "event"\n', "return_appointment.within", ""),
    ],
)  # fmt: skip
def test_a_bad_value_is_refused_with_its_place_and_what_is_allowed(text, path, allowed):
    error = refusal(text)
    assert error.path == path
    assert allowed in error.allowed
    assert error.line > 3


@pytest.mark.parametrize(
    "text",
    [
        'opens = "7d"',
        'opens = "1w"',
        'opens = "24h"',
        'every = "3m"',
        'align = "quarter"',
        'anchor = "previous_visit"',
        "priority = 100",
        "min_seconds = 60\nmax_seconds = 60",
        'appointment = "onsite"',
        "sample = { rate = 1 }",
        "sample = { count = 20 }",
        'when = { field = "css", op = "<", value = 120 }',
        'when = { field = "segment", op = "in", value = [] }',
    ],
)
def test_the_other_side_of_each_limit_is_sound(text):
    assert step(text)


@pytest.mark.parametrize(
    ("closes", "per", "draw", "sound"),
    [
        ("0d", "day", "end", False),
        ("1d", "day", "end", True),
        ("23h", "day", "end", False),
        ("24h", "day", "end", True),
        ("3d", "month", "end", False),
        ("3d", "month", "running", True),
        ("30d", "month", "end", False),
        ("31d", "month", "end", True),
        ("1m", "month", "end", True),
        ("3m", "quarter", "end", True),
        ("2m", "quarter", "end", False),
        ("12m", "year", "end", True),
        ("0d", "event", "end", True),
        ("given", "day", "end", False),
    ],
)
def test_a_draw_at_the_end_is_refused_where_a_window_could_close_before_its_pool_is_complete(closes, per, draw, sound):
    text = f'[[visit_rule.step]]\ncode = "s"\ncloses = "{closes}"\n'
    text = RULE + text + f'sample = {{ rate = 0.3, per = "{per}", draw = "{draw}" }}'
    if sound:
        assert pack(text)
    else:
        error = refusal(text)
        assert (error.line, error.path) == (10, "visit_rule[r].step[s].sample")
        assert error.allowed == 'draw = "running"'
