"""One's own account: two-step sign-in, recovery codes, open sessions, and what is written down about them."""

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from staff.choices import BaseRole
from staff.domain.devices import told
from staff.models import Activity, Employee
from tests.e2e.desk import PASSWORD, may_sign_in
from tests.visits.calls import Shop

DOOR = "/account/login/"
SECOND = "/account/2fa/authenticate/"
BEGIN = "/account/2fa/totp/activate/"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130 Safari/537.36 Edg/130"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1 MicroMessenger/8.0"


@pytest.fixture
def shop(db, clock_at):
    clock_at("2026-03-02T09:30+08:00")
    cache.clear()
    shop = Shop()
    may_sign_in(shop.wang, shop.li)
    return shop


def signed_in(username: str = "wangfang", agent: str = EDGE) -> Client:
    client = Client(headers={"User-Agent": agent})
    client.post(DOOR, {"login": username, "password": PASSWORD})
    return client


def code_for(secret: str) -> str:
    """Return what an app with this key shows now."""
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def begun(client: Client) -> str:
    """Set up two-step sign-in as the page asks for it; return the key of the app."""
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    secret = client.get(BEGIN).context["form"].secret
    client.post(BEGIN, {"code": code_for(secret)})
    return secret


def verbs(shop) -> list[str]:
    return list(Activity.objects.filter(subject_id=shop.wang.pk).order_by("pk").values_list("verb", flat=True))


@pytest.mark.django_db(transaction=True)
def test_the_second_sign_in_asks_for_the_code_of_the_app(shop):
    client = signed_in()
    secret = begun(client)
    client.post("/account/logout/")
    Authenticator.objects.update(last_used_at=None)
    cache.clear()  # the code that set it up is spent for half a minute
    first = client.post(DOOR, {"login": "wangfang", "password": PASSWORD})
    closed = client.get("/")["Location"].split("?")[0]
    wrong = client.post(SECOND, {"code": "000000"}).content.decode()
    right = client.post(SECOND, {"code": code_for(secret)})

    assert (first["Location"], closed, "验证码错误或已过期" in wrong, right["Location"]) == (SECOND, DOOR, True, "/")
    assert client.get("/").status_code == 200
    assert verbs(shop) == ["signed_in", "two_step_begun", "signed_in"]


@pytest.mark.django_db(transaction=True)
def test_a_recovery_code_opens_once(shop):
    client = signed_in()
    begun(client)
    code = client.get("/account/2fa/recovery-codes/").context["unused_codes"][0]
    answers = []
    for _try in range(2):
        client.post("/account/logout/")
        client.post(DOOR, {"login": "wangfang", "password": PASSWORD})
        answers.append(client.post(SECOND, {"code": code}).status_code)

    assert answers == [302, 200]


@pytest.mark.django_db(transaction=True)
def test_the_keys_are_sealed_in_the_database(shop):
    secret = begun(signed_in())
    stored = Authenticator.objects.get(type=Authenticator.Type.TOTP).data["secret"]

    assert (secret in stored, get_adapter().decrypt(stored)) == (False, secret)


@pytest.mark.django_db(transaction=True)
def test_turning_it_off_asks_for_the_person_again_and_spends_the_recovery_codes(shop, clock_at):
    client = signed_in()
    begun(client)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": 0, "username": "wangfang"}]
    session.save()
    asked = client.post("/account/2fa/totp/deactivate/")["Location"].split("?")[0]
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    client.post("/account/2fa/totp/deactivate/")

    assert asked in ("/account/reauthenticate/", "/account/2fa/reauthenticate/")
    assert Authenticator.objects.count() == 0
    assert verbs(shop)[-1] == "two_step_ended"


def test_a_role_that_must_have_two_steps_opens_nothing_before(shop, settings):
    settings.TWO_STEP_ROLES = frozenset({"service_advisor"})
    client = signed_in()
    answers = {path: client.get(path).status_code for path in ("/", "/tasks/", "/staff/account/")}
    led_to = client.get("/")["Location"]
    Authenticator.objects.create(user=shop.wang, type=Authenticator.Type.TOTP, data={"secret": "sealed"})

    assert (answers, led_to) == ({"/": 302, "/tasks/": 302, "/staff/account/": 200}, BEGIN)
    assert client.get("/").status_code == 200


def test_the_roles_that_the_settings_know_are_the_roles_there_are():
    assert set(settings.BASE_ROLES) == set(BaseRole.values)


def test_the_account_page_tells_who_one_is_and_where_one_is_signed_in(shop):
    client = signed_in()
    signed_in(agent=PHONE)
    page = client.get("/staff/account/").content.decode()

    assert all(words in page for words in ("王芳", "wangfang", "服务顾问", "城东店", "Edge · Windows", "微信 · iPhone"))


def test_another_device_is_signed_out_and_ones_own_is_not(shop):
    here, there, stranger = signed_in(), signed_in(agent=PHONE), signed_in("liqiang")
    sessions = {session.session_key: session for session in UserSession.objects.all()}
    own, other = (sessions[client.session.session_key] for client in (here, there))
    foreign = sessions[stranger.session.session_key]
    answers = [here.post(f"/staff/account/sessions/{session.pk}/end/").status_code for session in (own, foreign, other)]

    assert answers == [404, 404, 302]
    assert [client.get("/").status_code for client in (here, there, stranger)] == [200, 302, 200]
    assert verbs(shop)[-1] == "sessions_ended"


def test_all_other_devices_are_signed_out_at_once(shop):
    here, *others = signed_in(), signed_in(agent=PHONE), signed_in()
    here.post("/staff/account/sessions/end-others/")

    assert [client.get("/").status_code for client in (here, *others)] == [200, 302, 302]


def test_whoever_signs_in_learns_that_somebody_is_signed_in_elsewhere(shop):
    signed_in(agent=PHONE)

    assert "还在 1 台其他设备上登录" in signed_in().get("/").content.decode()


def test_failures_are_written_down_for_people_who_work_here_alone(shop):
    for name in ("wangfang", "nobody"):
        Client().post(DOOR, {"login": name, "password": "wrong"})

    assert list(Activity.objects.values_list("verb", "actor", "subject_id")) == [("sign_in_failed", None, shop.wang.pk)]


def test_a_new_password_ends_the_other_sessions(shop):
    here, there = signed_in(), signed_in(agent=PHONE)
    new = {"password1": "xin-de-mima-2026", "password2": "xin-de-mima-2026"}
    answer = here.post("/account/password/change/", {"oldpassword": PASSWORD, **new})

    assert answer["Location"] == "/staff/account/"
    assert [client.get("/").status_code for client in (here, there)] == [200, 302]
    assert verbs(shop)[-1] == "password_changed"


@pytest.mark.parametrize(
    ("agent", "name", "icon"),
    [
        (EDGE, "Edge · Windows", "device-desktop"),
        (PHONE, "微信 · iPhone", "device-mobile"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/130 Mobile", "Chrome · Android", "device-mobile"),
        ("curl/8", "", "device-desktop"),
    ],
)
def test_a_device_is_named_by_its_browser_and_system(agent, name, icon, monkeypatch):
    monkeypatch.setattr(UserSession, "is_current", lambda _session: False)
    device = told(UserSession(pk=1, user_agent=agent, ip="10.0.0.1"))

    assert (device.name, device.icon, device.here) == (name, icon, False)


def test_an_administrator_takes_the_second_step_off_others_and_not_off_oneself(shop):
    admin = Employee.objects.create_superuser("admin", PASSWORD, name="管理员")
    for person in (admin, shop.wang):
        Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "sealed"})
    client = Client()
    client.force_login(admin)
    chosen = {"action": "take_second_step_off", "_selected_action": [admin.pk, shop.wang.pk]}
    client.post("/admin/staff/employee/", chosen)

    assert list(Authenticator.objects.values_list("user", flat=True)) == [admin.pk]
    assert verbs(shop) == ["two_step_taken_off"]


@pytest.mark.parametrize("page", ["/account/password/change/", "/account/reauthenticate/"])
def test_who_has_forgotten_the_password_is_not_sent_to_a_door_that_is_shut(shop, page):
    shown = signed_in().get(page).content.decode()

    assert "/password/reset/" not in shown
