"""From the page of a case: naming people, verdicts, making good, a penalty by hand; who may, who may not see it."""

import pytest

from complaints.models import Accusation, Compensation
from staff.models import Violation
from tests.complaints.test_consequences import REPEATED, Desk
from tests.visits.world import at, branch, department, employee

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def desk(clock_at):
    clock_at("2026-05-04T11:00+08:00")
    return Desk(REPEATED)


def posted(client, who, path, **told):
    client.force_login(who)
    return client.post(path, told)


def test_a_person_is_named_judged_and_the_proposal_is_shown_on_the_case(client, desk):
    case = desk.case("05-04")
    path = f"/complaints/{case.pk}/"
    client.force_login(desk.mei)
    assert "deed-judge" not in client.get(path).content.decode()  # nobody is named yet
    told = {"employee": desk.ann.pk, "text": "态度不好", "attitude": "on", "version": case.version}
    assert posted(client, desk.mei, f"{path}accuse/", **told).status_code == 302
    assert posted(client, desk.mei, f"{path}accuse/", **told).status_code == 422  # the case has changed since
    page = client.get(path).content.decode()
    assert "deed-judge" in page and "态度不好" in page
    named = Accusation.objects.get()
    verdict = {"accusation": named.pk, "verdict": "yes", "harm": "on", "finding": "录音属实"}
    assert posted(client, desk.ann, f"{path}judge/", **verdict).status_code in (404, 422)
    assert posted(client, desk.mei, f"{path}judge/", **(verdict | {"finding": ""})).status_code == 422
    assert posted(client, desk.mei, f"{path}judge/", **verdict).status_code == 302
    named.refresh_from_db()
    assert (named.verified, named.harm, named.attitude, named.verified_by) == (True, True, True, desk.mei)


def test_making_good_is_proposed_on_the_case_and_approved_by_somebody_else(client, desk):
    case = desk.case("05-04")
    path = f"/complaints/{case.pk}/compensate/"
    assert posted(client, desk.mei, path, kind="coupon", amount="0").status_code == 422
    assert posted(client, desk.mei, path, kind="coupon", amount="100.50", text="保养券").status_code == 302
    one = Compensation.objects.get()
    deeds = f"/complaints/compensations/{one.pk}"
    refused = posted(client, desk.mei, f"{deeds}/approve/")
    assert refused.status_code == 422 and "Nobody approves" in refused.content.decode()
    assert posted(client, desk.gao, f"{deeds}/refuse/", reason="").status_code == 422
    assert posted(client, desk.gao, f"{deeds}/nonsense/").status_code == 404
    back = posted(client, desk.gao, f"{deeds}/approve/", next=f"/complaints/{case.pk}/")
    assert (back.status_code, back.url) == (302, f"/complaints/{case.pk}/")
    elsewhere = posted(client, desk.gao, f"{deeds}/approve/", next="https://example.org/")
    assert elsewhere.status_code == 422  # decided before
    page = client.get("/complaints/compensations/?month=2026-05").content.decode()
    assert page.count("¥100.50") >= 2 and case.number in page  # H-03: one case, the sum of the month
    assert "¥0" in client.get("/complaints/compensations/?month=2026-04").content.decode()


def test_whoever_may_not_see_the_case_sees_nothing_of_what_it_brings(client, desk):
    case = desk.case("05-04", desk.ann)
    other = employee("ola", "department_manager", branch=branch("西店"), department=department("二部", branch("西店")))
    assert posted(client, desk.mei, f"/complaints/{case.pk}/compensate/", kind="gift", amount="5").status_code == 302
    one = Compensation.objects.get()
    client.force_login(other)
    assert case.number not in client.get("/complaints/compensations/").content.decode()
    assert client.post(f"/complaints/compensations/{one.pk}/approve/").status_code == 404
    assert client.get(f"/complaints/{case.pk}/penalty/").status_code == 404


def test_ae_17_a_penalty_is_proposed_from_the_case(client, desk):
    case = desk.case("05-04", coordinator=desk.lin)
    path = f"/complaints/{case.pk}/penalty/"
    client.force_login(desk.gao)
    assert path in client.get(f"/complaints/{case.pk}/").content.decode()
    page = client.get(path).content.decode()
    [key] = [word.split('"')[0] for word in page.split('value="') if word.split('"')[0].endswith("/manager-neglect")]
    told = {"employee": desk.mei.pk, "rule": key, "text": "一直没有处理", "version": case.version}
    assert posted(client, desk.gao, path, **(told | {"text": ""})).status_code == 422
    assert posted(client, desk.gao, path, **told).status_code == 302
    made = Violation.objects.get(liability="primary")
    assert (made.subject, made.employee, made.facts["people"]) == (
        f"case:{case.pk}", desk.mei, {"coordinator": desk.lin.pk},
    )  # fmt: skip
    assert posted(client, desk.gao, path, **told).status_code == 422  # proposed before
    assert client.get(path).status_code == 200 and made.proposed_at == at("2026-05-04 11:00")
