"""Cases that end without a visit carry their proof; the archive takes what is over; a customer may ring and say no."""

from uuid import uuid4

import pytest

from complaints.choices import CaseState
from complaints.domain import exempting, verifying
from complaints.domain.rights import NotYours
from complaints.domain.verdicts import reopen_by_hand
from complaints.domain.writing import CannotDo
from staff.choices import BaseRole, MeasureState
from staff.models import Role, RoleAssignment
from tests.complaints.solving import AFTERNOON, PACK, asking, asks, solved
from tests.visits.calls import Shop
from visits.choices import EvidenceKind, TaskStatus
from visits.models import Evidence, Obligation, VisitTask

EXEMPT = """
exempt = [{ code = "anonymous" }, { code = "reply-letter-only", attachment = true }]

[[obligation]]
code = "file"
on = "complaint_resolved"
deed = "archive"
by = "handler"
within = "5d"
"""

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    made = Shop(pack=PACK.replace("[complaints]", "[complaints]" + EXEMPT))
    asking(made)
    made.boss = made.advisor("zhangwei", "张伟")
    role = Role.objects.create(code="boss", title="经理", like=BaseRole.CS_SUPERVISOR)
    RoleAssignment.objects.filter(employee=made.boss).update(role=role)
    return made


def test_a_reply_letter_needs_the_letter_and_leaves_the_denominator(shop):
    case = solved(shop, by=shop.li)
    for code in ("reply-letter-only", "unknown"):
        with pytest.raises(CannotDo):
            exempting.exempt(case, code=code, by=shop.boss, now=AFTERNOON)
    with pytest.raises(NotYours):
        exempting.exempt(case, code="anonymous", by=shop.wang, now=AFTERNOON)
    Evidence.objects.create(
        subject=f"case:{case.pk}", kind=EvidenceKind.PHOTO, file=f"{uuid4()}.jpg", media="image/jpeg", sha256="0" * 64,
        stored_sha256="0" * 64, size=1, uploaded_by=shop.boss, uploaded_at=AFTERNOON,
    )  # fmt: skip
    exempting.exempt(case, code="reply-letter-only", by=shop.boss, now=AFTERNOON)
    [task] = verifying.tasks_of(case)
    assert (case.state, case.exemption, task.status) == (CaseState.EXEMPT, "reply-letter-only", TaskStatus.CANCELLED)
    exempting.archive(case, by=shop.wang, now=AFTERNOON)
    assert case.archived_at == AFTERNOON
    exempting.include(case, by=shop.boss, now=AFTERNOON, text="还是回访一下")
    [task] = verifying.tasks_of(case)
    assert (case.state, case.archived_at, task.status) == (CaseState.VERIFYING, None, TaskStatus.OPEN)
    assert task.event.attributes["handled_by"] == "liqiang wangfang"  # who solved it does not ask, as before
    assert Obligation.objects.get(rule="solve").state == MeasureState.OPEN


def test_the_archive_opens_after_the_visit_and_ends_what_was_owed_for_it(shop):
    case = solved(shop)
    with pytest.raises(CannotDo):
        exempting.archive(case, by=shop.wang, now=AFTERNOON)
    assert exempting.why_not_archived(case)
    asks(case, shop.li, satisfied=True)
    assert exempting.why_not_archived(case) == ""
    exempting.archive(case, by=shop.wang, now=AFTERNOON)
    assert case.archived_at == AFTERNOON
    assert Obligation.objects.get(deed="archive").state == MeasureState.DONE
    with pytest.raises(CannotDo):
        exempting.archive(case, by=shop.wang, now=AFTERNOON)


def test_a_customer_who_rings_opens_the_case_again_and_its_visit_is_called_off(shop, client, clock_at):
    case = solved(shop)
    clock_at("2026-03-02T15:00+08:00")
    client.force_login(shop.boss)
    page = client.get(f"/complaints/{case.pk}/").content.decode()
    assert 'id="deed-reopen"' in page and 'id="deed-exempt"' in page and 'id="deed-archive"' not in page
    answer = client.post(f"/complaints/{case.pk}/reopen/", {"text": "", "version": case.version})
    assert answer.status_code == 422
    client.post(f"/complaints/{case.pk}/reopen/", {"text": "客户来电说没修好", "version": case.version})
    case.refresh_from_db()
    assert (case.state, case.round, case.level) == (CaseState.IN_PROGRESS, 2, "major")
    assert set(VisitTask.objects.filter(event__source="cases").values_list("status", flat=True)) == {"cancelled"}
    assert verifying.tasks_of(case) == []
    with pytest.raises(CannotDo):
        reopen_by_hand(case, by=shop.boss, now=AFTERNOON, text="又一次")
