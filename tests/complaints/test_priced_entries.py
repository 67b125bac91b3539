"""What an entry of an own book costs: found once, against whom it names, and taken back by a correction."""

from collections import Counter

import pytest

from complaints.domain import books, entering
from reports.domain.auditing.grounds import faults
from staff.domain.conduct import deciding
from staff.domain.conduct.detecting import find_violations
from staff.domain.conduct.explaining import explanation
from staff.models import DetectorMark, LedgerEntry, Violation
from tests.complaints.desk import Desk
from tests.visits.calls import MONDAY, at

PACK = """
[[form]]
code = "deposit"
title = "存包登记"
of = "register"
fields = [
  { code = "tag", kind = "text" },
  { code = "staff", kind = "text" },
  { code = "lost", kind = "yesno" },
  { code = "cause", options = ["员工存错", "顾客原因"] },
  { code = "loss", kind = "number" },
]
requires = ["tag"]

[[form]]
code = "broadcast"
of = "register"
fields = [{ code = "asked", kind = "text" }]

[[penalty]]
code = "own-mistake"
violation = "entry"
of = "form:deposit"
when = [
  { field = "lost", op = "==", value = true },
  { field = "cause", op = "==", value = "员工存错" },
]
amount = "field:loss"
clause = ""
"""
pytestmark = pytest.mark.django_db


def test_a_loss_by_own_mistake_is_borne_by_whom_the_entry_names_and_a_correction_takes_it_back(client, clock_at):
    clock_at("2026-03-02T10:30+08:00")
    desk = Desk(PACK)
    DetectorMark.objects.create(name="*", until=at("08:00"))
    deposit, _broadcast = books.offered(desk.wang, on=MONDAY)

    def enter(number: str, **told):
        values = {"tag": number, "lost": "yes", "cause": "员工存错", "loss": "120.50"} | told
        return entering.enter(deposit, values, at=at("09:30"), by=desk.wang, now=at("09:40"))

    named, by_name = enter("1", staff="liqiang"), enter("2", staff="工匠")
    enter("3", cause="顾客原因")
    enter("4", staff="没有这个人")
    wrong, own = enter("5", staff="李强"), enter("6")
    for minute in ("10:00", "10:00", "10:30"):  # late and twice: each once
        find_violations(now=at(minute))
    found = Violation.objects.order_by("pk").values_list("subject", "employee__username", "amount", "state")
    assert set(found) == {
        (f"entry:{entry.pk}", who, 120_50, "proposed")
        for entry, who in ((named, "liqiang"), (by_name, "worker"), (wrong, "liqiang"), (own, "wangfang"))
    }
    assert len(found) == 4
    corrected = {"tag": "5", "lost": "yes", "cause": "顾客原因", "loss": "120.50", "staff": "李强"}
    entering.correct(wrong, deposit, corrected, at=at("09:30"), by=desk.li, now=at("10:40"))
    find_violations(now=at("11:00"))
    assert set(Violation.objects.filter(subject=f"entry:{wrong.pk}").values_list("state", flat=True)) == {"waived"}

    one = Violation.objects.get(subject=f"entry:{named.pk}")
    assert "存包登记" in explanation(one)
    client.force_login(desk.zhou)
    assert f"/books/entries/{named.pk}/" in client.get(f"/ledger/{one.pk}/").content.decode()
    deciding.confirm([one], actor=desk.zhou, now=at("11:30"))
    assert LedgerEntry.objects.get().amount == 120_50
    find_violations(now=at("13:00"))
    assert list(faults(Counter())) == []
