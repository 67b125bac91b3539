"""The company's name and logo: who gives them, what a logo may be, and where they are shown."""

import io
import os

import pytest
from django.test import Client
from PIL import Image

from staff.domain.company import UnfitLogo, change_logo, logo, name_company, remove_logo, the_company
from staff.models import Activity, Company, Employee
from tests.company import morning

pytestmark = pytest.mark.django_db


@pytest.fixture
def picture(tmp_path):
    """Return a function that writes a picture of that size and kind and returns its path."""

    def drawn(size=(1200, 300), kind="PNG", colour=(15, 110, 104, 128)):
        path = tmp_path / f"logo.{kind.lower()}"
        image = Image.new("RGBA", size, colour)
        (image if kind == "PNG" else image.convert("RGB")).save(path, kind)
        return path

    return drawn


def test_before_anything_is_set_up_the_company_has_no_name_and_nothing_is_stored():
    assert (the_company().name, the_company().is_demo, Company.objects.count()) == ("", False, 0)


def test_a_name_is_given_and_given_again_and_written_down_when_it_changes():
    for name in ("安达汽车", "安达汽车", "安达汽车服务"):
        name_company(name, actor=None, now=morning())

    assert (the_company().name, Company.objects.count()) == ("安达汽车服务", 1)
    assert Activity.objects.filter(verb="company_named").count() == 2


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_logo_is_made_small_and_written_anew(picture, kind):
    change_logo(picture(kind=kind), actor=None, now=morning())

    with Image.open(io.BytesIO(logo())) as kept:
        assert (kept.format, kept.size, kept.mode) == ("PNG", (480, 120), "RGB")
    assert len(the_company().logo_sha256) == 64


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "是空的"),
        (b"<svg onload='alert(1)'/>", "不能用作标志"),
        (b"#!AMR\n" + bytes(40), "图片"),
        (b"\x89PNG\r\n\x1a\n" + os.urandom(60), "无法读取"),
    ],
    ids=["empty", "drawing with script", "sound", "damaged"],
)
def test_what_is_no_picture_is_refused_in_words_and_the_former_logo_stays(picture, tmp_path, content, words):
    change_logo(picture(), actor=None, now=morning())
    before = logo()
    bad = tmp_path / "bad.png"
    bad.write_bytes(content)

    with pytest.raises(UnfitLogo) as refused:
        change_logo(bad, actor=None, now=morning())
    assert words in str(refused.value)
    assert logo() == before


def test_the_sign_in_page_bears_name_and_logo_and_browsers_keep_it(picture):
    change_logo(picture(), actor=None, now=morning())
    name_company("安达汽车", actor=None, now=morning())
    Employee.objects.create_superuser("admin", "x", name="管理员")
    client = Client()
    page = client.get("/account/login/").content.decode()
    client.force_login(Employee.objects.get())
    sent = client.get("/staff/company/logo/")

    assert "安达汽车" in page and "/staff/company/logo/?v=" in page
    assert (sent["Content-Type"], sent["Cache-Control"]) == ("image/png", "public, max-age=31536000")


def test_without_a_logo_its_address_leads_nowhere(picture):
    change_logo(picture(), actor=None, now=morning())
    remove_logo(actor=None, now=morning())

    assert Client().get("/staff/company/logo/").status_code == 404
