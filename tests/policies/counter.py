"""People who work by the pages of the program, each deed at its moment: what the clause tests of cases share."""

from uuid import uuid4

from django.test import Client

from complaints.models import Case, Entry, WorkOrder
from tests.policies.test_case_clauses import regulation
from tests.visits.world import at, branch, department, employee

MONDAY = "2026-03-02"


def moment(text: str) -> str:
    """Return a moment of Monday 2 March 2026 ("09:20"), or of another day ("2026-03-03 09:20"), in full."""
    return text if len(text) > len("09:20:00") else f"{MONDAY} {text}"


class Counter:
    """A branch under one shipped regulation: a manager, the desk, a technician; whoever acts is signed in by name."""

    def __init__(self, clock_at, slug: str, *figures: tuple[str, str]) -> None:
        self.clock_at, self.said = clock_at, dict[str, list[str]]()
        clock_at(at(moment("08:00")))
        regulation(slug, *figures)
        self.unit = department("服务部", branch())
        self.people = {
            "manager": employee("manager", "department_manager", department=self.unit),
            "desk": employee("desk", department=self.unit),
            "hand": employee("hand", "technician", like="service_advisor", department=self.unit),
            "boss": employee("boss", "general_manager"),
        }

    def browser(self, who: str, now: str) -> Client:
        """Return a browser at that moment; `who` empty: the customer's."""
        self.clock_at(at(moment(now)))
        found = Client()
        if who:
            found.force_login(self.people[who])
        return found

    def page(self, who: str, now: str, path: str) -> str:
        """Return what a page shows."""
        answer = self.browser(who, now).get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.content.decode()

    def send(self, who: str, now: str, path: str, **typed) -> int:
        """Send a form; return 302 where it was taken, 422 where it was refused; `said` is then what was found wrong."""
        answer = self.browser(who, now).post(path, typed)
        form = answer.context.get("form") if answer.status_code == 422 and answer.context else None
        self.said = dict(form.errors) if form else {}
        return answer.status_code

    def tell(self, who: str, now: str, **typed) -> Case | None:
        """Register a case by its page; return it, or nothing where the page refuses."""
        usual = {
            "token": str(uuid4()), "type": "complaint", "source": "phone", "opened_at": moment(now).replace(" ", "T"),
            "name": "王女士", "contact": "13900001111", "summary": "空调不凉", "handler": str(self.people["desk"].pk),
            "unit": f"d:{self.unit.pk}", "same": "new",
        }  # fmt: skip
        before = Case.objects.count()
        taken = self.send(who, now, "/complaints/new/", **(usual | typed)) == 302
        assert Case.objects.count() == before + taken
        return Case.objects.latest("pk") if taken else None

    def deed(self, who: str, now: str, case: Case, name: str, **typed) -> int:
        """Do something about a case by its page."""
        version = Case.objects.values_list("version", flat=True).get(pk=case.pk)
        return self.send(who, now, f"/complaints/{case.pk}/{name}/", version=version, **typed)

    def order(self, who: str, now: str, case: Case, **typed) -> WorkOrder:
        """Open a work order by the page of its case."""
        usual = {"kind": "repair", "instruction": "检修空调"}
        assert self.send(who, now, f"/complaints/{case.pk}/orders/new/", **(usual | typed)) == 302
        return WorkOrder.objects.latest("pk")

    def about(self, who: str, now: str, order: WorkOrder, name: str, **typed) -> int:
        """Do something about a work order by its page."""
        version = WorkOrder.objects.values_list("version", flat=True).get(pk=order.pk)
        return self.send(who, now, f"/complaints/orders/{order.pk}/{name}/", version=version, **typed)

    def enter(self, who: str, now: str, book: str, **typed) -> Entry | None:
        """Write an entry of an own book by its page; return it, or nothing where the page refuses."""
        own = {f"own-{name.replace('_', '-')}": value for name, value in typed.items()}
        taken = self.send(who, now, f"/books/{book}/new/", at=moment(now).replace(" ", "T"), **own) == 302
        return Entry.objects.latest("pk") if taken else None
