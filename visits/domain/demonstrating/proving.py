"""Handing in what proves the calls of a day, now and then the wrong thing, and a quality manager who looks at it."""

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from config.media.kinds import clean
from staff.domain.calendar import day_end, day_start
from staff.domain.wording import local
from staff.models import Employee
from visits.choices import Channel, EvidenceKind, ProofWanted
from visits.domain.demonstrating import showing
from visits.domain.demonstrating.scene import Company
from visits.domain.proof.judging import judge_record
from visits.domain.proof.taking import Upload, take
from visits.models import EvidenceDoubt, VisitRecord, VisitTask

FORGOTTEN: Final = 0.10
TWICE: Final = 0.03  # the file of the call before is handed in once more
CUT_OFF: Final = 0.03
SILENT: Final = 0.02
VERDICTS: Final = (
    (True, "听了录音，内容与登记一致"),
    (True, "与座机话单核对，时间和号码相符"),
    (False, "录音与登记内容不符，已退回补打"),
)


def prove(company: Company, on: date) -> None:
    """Hand in a recording or a picture for each call of that day that owes one; a few are forgotten or wrong."""
    day = {"started_at__gte": day_start(on, company.zone), "started_at__lt": day_end(on, company.zone)}
    owing = VisitRecord.objects.current().filter(**day).exclude(proof_wanted=ProofWanted.NONE)
    before: dict[int, bytes] = {}
    dice = company.luck("proof", on=on)
    for record in owing.exclude(proof_wanted=ProofWanted.SIGNATURE).select_related("advisor").order_by("pk"):
        if dice.random() < FORGOTTEN:
            continue
        again = before.get(record.advisor_id) if dice.random() < TWICE else None
        before[record.advisor_id] = told = again or file_of(dice, record)
        kind = EvidenceKind.MOBILE_LOG if record.channel == Channel.MOBILE else EvidenceKind.RECORDING
        handed_in = record.logged_at + timedelta(minutes=dice.randint(2, 40))
        hand_in(told, kind, record.advisor, now=handed_in, record=record)


def file_of(dice: random.Random, record: VisitRecord) -> bytes:
    """Return what the telephone of that call has left behind."""
    seconds = int((record.ended_at - record.started_at).total_seconds()) if record.ended_at else 30
    if record.channel == Channel.MOBILE:
        return showing.call_list(dice, local(record.started_at), seconds)
    chance = dice.random()
    length = seconds // 3 if chance < CUT_OFF else seconds + dice.randint(0, 3)
    return showing.recording(dice, max(length, 3), silent=chance > 1 - SILENT)


def hand_in(
    told: bytes, kind: EvidenceKind, by: Employee, *, now: datetime, record: VisitRecord | None = None,
    task: VisitTask | None = None,
) -> None:  # fmt: skip
    """Hand a file in for a record, or for a visit that is not saved yet."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(told)
        take(Upload(path, kind, examine=clean), by=by, now=now, record=record, task=task)


def look_through(company: Company, on: date) -> None:
    """Let the quality manager judge the doubtful calls of the week before; those of this week still wait."""
    wangfang, dice = company.person("wangfang"), company.luck("verdict", on=on)
    for record in _doubted(company, on - timedelta(7)):
        holds, reason = dice.choices(VERDICTS, (5, 4, 2))[0]
        judge_record(record, holds=holds, reason=reason, by=wangfang, now=company.at(on, "17:20"))


def _doubted(company: Company, until: date) -> Sequence[VisitRecord]:
    doubtful = EvidenceDoubt.objects.values("evidence__record")
    found = VisitRecord.objects.current().filter(pk__in=doubtful, checks=None)
    return list(found.filter(started_at__lt=day_end(until, company.zone)).order_by("pk"))
