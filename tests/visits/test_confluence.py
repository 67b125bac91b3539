"""Which tasks there are at the end does not depend on when anybody looked (RELIABILITY, I2–I4).

A random company lives for eight weeks, once with a tick every day and once with the few ticks that a bad scheduler gave
it; calls are made at the same moments in both lives.
"""

import random
import secrets
import uuid
from datetime import timedelta

import pytest
from django.db import transaction

from config.wiring import JOBS
from staff.domain import jobs
from tests.visits.world import SHANGHAI, at, branch, customer, employee, event, publish
from visits.domain.planning.events import load_calendar
from visits.domain.planning.following import note_visit
from visits.models import VisitRecord, VisitTask

pytestmark = pytest.mark.django_db

PACK = """
[[visit_rule]]
code = "after-service"
trigger = "service_completed"
assign = ["advisor", "role:service_advisor"]
  [[visit_rule.step]]
  code = "three-days"
  opens = "3d"
  closes = "3wd"
  shift = "next"
  [[visit_rule.step]]
  code = "hours"
  opens = "2h"
  closes = "48h"
  when = [{ field = "amount", op = ">", value = 500 }]
  [[visit_rule.step]]
  code = "fortnightly"
  opens = "14d"
  closes = "16d"
  every = "14d"
  times = 4

[[visit_rule]]
code = "chain"
trigger = "joined"
[[visit_rule.step]]
code = "again"
opens = "10d"
closes = "15d"
anchor = "previous_visit"
counts = "any"

[[visit_rule]]
code = "monthly"
trigger = "joined"
[[visit_rule.step]]
code = "each-month"
opens = "0d"
closes = "0d"
align = "month"

[[visit_rule]]
code = "drawn"
trigger = "repair_done"
[[visit_rule.step]]
code = "sample"
opens = "1d"
closes = "20d"
sample = { rate = 0.4, per = "week", draw = "end" }
"""
DAYS = 56
FIRST = at("2024-01-08 00:20")


def company(dice):
    """Return what happens in eight weeks: events by day, and the days on which somebody calls."""
    people = [employee(name, branch=branch()) for name in ("anna", "bo", "chen")]
    guests = [customer(registered="2024-01-01") for _number in range(6)]
    kinds = ("service_completed", "joined", "repair_done")
    events = [
        {
            "kind": dice.choice(kinds), "day": dice.randrange(DAYS - 10), "minute": dice.randrange(9 * 60, 18 * 60),
            "guest": dice.choice(guests), "advisor": dice.choice([*people, None]), "amount": dice.choice([100, 900]),
            "order_no": f"RO-{number}",
        }
        for number in range(25)
    ]  # fmt: skip
    return events, {dice.randrange(DAYS) for _call in range(20)}, people[0]


def live(events, calls, caller, ticks):
    """Live through the days: take in what happened, look where `ticks` says so, call where `calls` says so."""
    tokens = random.Random(1)
    for day in range(DAYS):
        morning = FIRST + timedelta(days=day)
        if day in ticks:
            look(morning)
        for one in (one for one in events if one["day"] == day):
            happened = (morning + timedelta(minutes=one["minute"])).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
            facts = {"customer": one["guest"], "advisor": one["advisor"], "amount": one["amount"], "branch": branch()}
            event(one["kind"], happened, order_no=one["order_no"], **facts)
        if day in calls:
            look(morning + timedelta(hours=20))
            call(morning + timedelta(hours=20, minutes=1), caller, tokens)
    look(FIRST + timedelta(days=DAYS))
    fields = ("event__order_no", "step__code", "occurrence", "opens_at", "closes_at", "status", "sampled")
    return sorted(VisitTask.objects.values_list(*fields), key=str)


def look(moment):
    report = jobs.run_due(now=moment)
    assert not report.failed


def call(moment, caller, tokens):
    """Complete the open task that a list sorted by order number shows first."""
    task = VisitTask.objects.filter(status="open").order_by("event__order_no", "step__code", "occurrence").first()
    if task is None:
        return
    record = VisitRecord.objects.create(
        form_token=uuid.UUID(int=tokens.getrandbits(128)), customer=task.customer, advisor=caller, outcome="reached",
        channel="desk_phone", started_at=moment, logged_at=moment,
    )  # fmt: skip
    VisitTask.objects.filter(pk=task.pk).update(status="done", completed_at=moment, completed_in_time=True)
    note_visit(record, [task], at=moment, calendar=load_calendar(), now=moment)


@pytest.mark.parametrize(("seed", "by"), [(0, ""), pytest.param(1, "visits.", marks=pytest.mark.any_database)])
def test_few_ticks_end_where_daily_ticks_end(seed, by, monkeypatch):
    """Once with all the jobs there are, once with those alone that are about visits."""
    monkeypatch.setattr(jobs, "JOBS", tuple(job for job in JOBS if job.run.startswith(by)))
    monkeypatch.setattr(secrets, "token_hex", lambda _size: "one seed for both lives")
    dice = random.Random(seed)
    publish(PACK)
    events, calls, caller = company(dice)
    lives = []
    for ticks in (set(range(DAYS)), {dice.randrange(DAYS) for _tick in range(6)}):
        with transaction.atomic():
            lives.append(live(events, calls, caller, ticks))
            transaction.set_rollback(True)
    assert len(lives[0]) > 40
    assert lives[1] == lives[0]
