"""What customers said and how they were reached: the visits of a period in sums (AK-12, K-18), problems by kind,
the hours of the day, opinions by department (D-07), entries of own books (AD-06)."""

from collections import Counter
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractHour

from complaints.domain.ruling import category_words
from complaints.models import Case, Entry
from config.packs.measuring import KpiSpec
from reports.domain.figures import cases
from reports.domain.service.measuring import Subject
from staff.domain.periods import Period
from staff.domain.policies import spec_of
from staff.models import Release
from visits.choices import Outcome
from visits.models import RecordTask, VisitRecord, VisitTask

REACHED: Final = Q(outcome=Outcome.REACHED)
COMPLAINTS: Final = KpiSpec(code="complaint_count", metric="complaint_count")


def has_begun(about: Subject) -> bool:
    """Say whether anything was planned, complained of or entered under the policy before the period ended."""
    asked = about.asked(COMPLAINTS)
    own = {"policy": about.release.policy_id, "logged_at__lt": asked.ends}
    planned = VisitTask.objects.filter(release__policy=about.release.policy_id, created_at__lt=asked.ends)
    told = Case.objects.filter(cases.of_units(asked), opened_at__lt=asked.ends)
    return planned.exists() or told.exists() or Entry.objects.filter(**own).exists()


def contacts(about: Subject, period: Period | None = None) -> QuerySet[VisitRecord]:
    """Return the contacts of the period under the policy, as they stand, by the moment of saving."""
    asked = about.asked(COMPLAINTS, period)
    ours = RecordTask.objects.filter(record=OuterRef("pk"), task__release__policy=asked.policy)
    found = VisitRecord.objects.current().filter(Exists(ours), logged_at__gte=asked.since, logged_at__lt=asked.until)
    return found if about.branch is None else found.filter(branch=about.branch)


def visits(about: Subject) -> dict[str, list[list[Any]]]:
    """Return the three parts of a visit report: basics, what customers said, problems by kind; and visits by rule."""
    found = contacts(about)
    sums = found.aggregate(
        n_contacts=Count("pk"), n_customers=Count("customer", distinct=True), n_reached=Count("pk", filter=REACHED),
        n_problems=Count("pk", filter=~Q(problem="")), n_needs=Count("pk", filter=~Q(need="")),
        n_satisfied=Count("pk", filter=REACHED & Q(satisfied=True)),
        n_dissatisfied=Count("pk", filter=REACHED & Q(satisfied=False)),
        n_not_asked=Count("pk", filter=REACHED & Q(satisfied=None)),
        n_suggestions=Count("pk", filter=~Q(suggestion="")),
    )  # fmt: skip
    basics = ("contacts", "customers", "reached", "problems", "needs")
    feedback = ("satisfied", "dissatisfied", "not_asked", "suggestions")
    return {
        "basics": [[name, sums[f"n_{name}"]] for name in basics],
        "feedback": [[name, sums[f"n_{name}"]] for name in feedback],
        "problems": _with_before(_problems(found), _problems(contacts(about, about.period.before()))),
        "rules": _by_rule(about, found),
    }


def _problems(found: QuerySet[VisitRecord]) -> Counter[str]:
    told = found.filter(~Q(problem="") | ~Q(displeasure="")).order_by().values("displeasure_kind")
    return Counter(dict(told.annotate(n=Count("pk")).values_list("displeasure_kind", "n")))


def _with_before(now: Counter[str], before: Counter[str]) -> list[list[Any]]:
    """Return name, count and count of the period before; the most first, what has no name last."""
    names = sorted(now | before, key=lambda name: (not name, -now[name], name))
    return [[name, now[name], before[name]] for name in names]


def _by_rule(about: Subject, found: QuerySet[VisitRecord]) -> list[list[Any]]:
    links = RecordTask.objects.filter(record__in=found, task__release__policy=about.release.policy_id).order_by()
    names = ("task__step__rule__title", "task__step__rule__code")
    rows = links.values(*names).annotate(
        made=Count("record", distinct=True),
        reached=Count("record", distinct=True, filter=Q(record__outcome=Outcome.REACHED)),
    )
    told = [
        [title or code, made, reached] for title, code, made, reached in rows.values_list(*names, "made", "reached")
    ]
    return sorted(told, key=lambda one: (-one[1], one[0]))


def hours(about: Subject) -> list[list[int]]:
    """Return for each hour of the local day how many contacts began in it and how many reached the customer."""
    zone = about.asked(COMPLAINTS).zone
    rows = contacts(about).order_by().annotate(hour=ExtractHour("started_at", tzinfo=zone)).values("hour")
    counted = rows.annotate(made=Count("pk"), good=Count("pk", filter=REACHED))
    return [list(row) for row in counted.order_by("hour").values_list("hour", "made", "good")]


def complaints(about: Subject) -> dict[str, list[list[Any]]]:
    """Return the complaints by category, level and branch, each with the number of the period before."""
    now, before = _complaints(about), _complaints(about, about.period.before())
    branches = (_grouped(found, "branch__name") for found in (now, before))
    return {
        "category": _with_before(_worded(now, "category"), _worded(before, "category")),
        "level": _with_before(_worded(now, "level"), _worded(before, "level")),
        "branch": _with_before(*branches),
    }


def _complaints(about: Subject, period: Period | None = None) -> QuerySet[Any]:
    found = cases.cases(about.asked(COMPLAINTS, period))
    return (found if about.branch is None else found.filter(branch=about.branch)).order_by()


def _grouped(found: QuerySet[Any], name: str) -> Counter[str]:
    return Counter({key or "": count for key, count in found.values_list(name).annotate(Count("pk"))})


def _worded(found: QuerySet[Any], field: str) -> Counter[str]:
    """Return counts by what a category or a level is called in the release that judged the case."""
    rows = list(found.values_list("release", field).annotate(Count("pk")))
    releases, counts = Release.objects.in_bulk({row[0] for row in rows}), Counter[str]()
    for release, code, count in rows:
        words = category_words if field == "category" else _level_words
        counts[words(releases.get(release), code)] += count
    return counts


def _level_words(release: Release | None, code: str) -> str:
    entry = spec_of(release).entry("complaint_level", code) if release and code else None
    return str(entry.title or code) if entry else code


def opinions(about: Subject) -> list[list[Any]]:
    """Return what was said about each department by kind: from visits, and as complaints (D-07)."""
    counts: dict[tuple[str, str], list[int]] = {}
    links = RecordTask.objects.filter(
        ~Q(record__problem="") | ~Q(record__displeasure="") | ~Q(record__suggestion=""),
        record__in=contacts(about), task__release__policy=about.release.policy_id,
    )  # fmt: skip
    rows = links.order_by().values("task__department__name", "record__displeasure_kind")
    for unit, kind, count in rows.annotate(n=Count("record", distinct=True)).values_list(
        "task__department__name", "record__displeasure_kind", "n"
    ):
        counts.setdefault((unit or "", kind), [0, 0])[0] += count
    for row in _complaints(about).values_list("department__name", "release", "category").annotate(Count("pk")):
        unit, release, code, count = row
        kind = category_words(Release.objects.filter(pk=release).first(), code) if code else ""
        counts.setdefault((unit or "", kind), [0, 0])[1] += count
    return [[*key, *both] for key, both in sorted(counts.items(), key=lambda one: (one[0][0], -sum(one[1]), one[0]))]


def books(about: Subject) -> list[list[Any]]:
    """Return how many entries each own book of the regulation got, corrected ones once (AD-06)."""
    asked = about.asked(COMPLAINTS)
    found = Entry.objects.filter(
        policy=about.release.policy_id, replaced_by=None, at__gte=asked.since, at__lt=asked.until
    )
    found = found if about.branch is None else found.filter(branch=about.branch)
    counts = dict(found.order_by().values_list("form").annotate(Count("pk")))
    own = [one for one in spec_of(about.release).form if one.of == "register"]
    return [[one.title or one.code, counts.get(one.code, 0)] for one in own]
