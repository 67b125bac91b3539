"""What the walk needs of what is kept: a file of a case, a letter, an entry, an article, an export, a report."""

from typing import Any

from complaints.models import Article, Case, Entry, PublicLetter
from staff.models import Employee
from tests.company import morning
from tests.crawl.exported import exported
from tests.crawl.served import served
from visits.choices import EvidenceKind
from visits.domain.proof import storing
from visits.models import Evidence, VisitTask


def kept(company: Any, case: Case, by: Employee, task: VisitTask) -> dict[str, Any]:
    """Return them for the case of a shop, brought by its advisor."""
    name = f"{case.pk:032x}.jpg"
    file = Evidence.objects.create(
        subject=f"case:{case.pk}", kind=EvidenceKind.PHOTO, file=name, media="image/jpeg", sha256=f"{case.pk:064x}",
        stored_sha256="3" * 64, size=4, uploaded_by=by, uploaded_at=morning(),
    )  # fmt: skip
    path = storing.path_of(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"file")
    letter = PublicLetter.objects.create(
        title="停水说明", text="各位客户：", branch=case.branch, written_by=by, written_at=morning()
    )  # fmt: skip
    entry = Entry.objects.create(
        policy=company.conduct.policy, release=company.conduct, form="conduct", values={"what": "查货"}, by=by,
        at=morning(), logged_at=morning(), branch=case.branch, department=case.department,
    )  # fmt: skip
    made = {"export": exported(by), "service": served(task, by)}
    return {"case_file": file, "letter": letter, "entry": entry} | made


def article(by: Employee) -> Article:
    """Return an article of knowledge, which the whole company reads."""
    return Article.objects.create(
        title="空调异响", problem="怠速异响", method="紧固支架", minutes=20, by=by, at=morning()
    )
