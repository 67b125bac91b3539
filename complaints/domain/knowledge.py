"""What was learned from solved cases: articles that are found again by words and class (AA-04)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from complaints.choices import SETTLED, CaseDeedKind, CaseState
from complaints.domain.ruling import category_of
from complaints.domain.writing import CannotDo, Line, write
from complaints.models import Article, Case
from config.packs.cases import CategorySpec
from config.packs.pack import Pack
from staff.domain.activity import log
from staff.domain.pages import Page, cut
from staff.models import Employee
from visits.domain.contact.masking import MOBILE_IN_TEXT
from visits.domain.planning.rulebook import load_rulebook

SOLVED: Final = (*SETTLED, CaseState.CLOSED, CaseState.EXEMPT)
ORDERS: Final = {"-at": ("-at", "-id"), "title": ("title", "id"), "-minutes": ("-minutes", "-id")}


@dataclass(frozen=True)
class Lesson:
    """What an article says. `minutes`: how long the solution took."""

    title: str
    problem: str
    method: str
    minutes: int
    category: str = ""


def write_article(lesson: Lesson, *, case: Case | None, by: Employee, now: datetime) -> Article:
    """Put a lesson into the knowledge base; of a case it stands on its timeline. Raises `CannotDo`."""
    _check(lesson)
    if case is not None and case.state not in SOLVED:
        raise CannotDo(_("An article is written from a solved case; this one is not solved yet."))
    with transaction.atomic():
        made = Article.objects.create(**vars(lesson), case=case, by=by, at=now)
        if case is not None:
            write(case, CaseDeedKind.REMARK, by=by, now=now, line=Line(
                text=_("Article: %s") % made.title, facts={"article": made.pk, "minutes": made.minutes},
            ))  # fmt: skip
        log(now=now, actor=by, verb="article_written", subject=made, case=case.pk if case else None)
    return made


def change(article: Article, lesson: Lesson, *, by: Employee, now: datetime) -> None:
    """Say it better."""
    _check(lesson)
    changed = [name for name, value in vars(lesson).items() if getattr(article, name) != value]
    if not changed:
        return
    with transaction.atomic():
        Article.objects.filter(pk=article.pk).update(**vars(lesson))
        log(now=now, actor=by, verb="article_changed", subject=article, changed=changed)


def retire(article: Article, *, by: Employee, now: datetime) -> None:
    """Take an article that no longer holds out of the search; it stays on file."""
    with transaction.atomic():
        if Article.objects.filter(pk=article.pk, retired_at=None).update(retired_at=now):
            log(now=now, actor=by, verb="article_retired", subject=article)


def restore(article: Article, *, by: Employee, now: datetime) -> None:
    """Let a retired article be found again."""
    with transaction.atomic():
        if Article.objects.filter(pk=article.pk, retired_at__isnull=False).update(retired_at=None):
            log(now=now, actor=by, verb="article_restored", subject=article)


def drafted(case: Case) -> dict[str, Any]:
    """Return with what the form of an article from a case begins; minutes are those that its work orders took."""
    minutes = case.work_orders.aggregate(sum=Sum("minutes"))["sum"]
    method = "\n".join(
        text for text in (case.cause, case.solution or case.result, case.measure and case.remedy) if text
    )
    problem = MOBILE_IN_TEXT.sub("", case.summary)
    return {"problem": problem, "method": method, "category": case.category, "minutes": minutes}


def articles(wanted: Mapping[str, Any]) -> Page:
    """Return a page of articles. `wanted`: q, category, state, sort, page."""
    found = _found(wanted["q"], wanted["category"], retired=wanted["state"] == "retired")
    rows: Any = found.order_by(*ORDERS[wanted["sort"]]).values(
        "id", "title", "problem", "method", "minutes", "category", "at", "retired_at", by_name=F("by__name"),
    )  # fmt: skip
    return cut(rows, wanted["page"])


def like(case: Case) -> QuerySet[Article]:
    """Return the articles of the category of a case and of the one above it, the newest first: what may help."""
    found = category_of(case.release, case.category)
    near = {case.category, found.parent if found else ""} - {""}
    return Article.objects.filter(retired_at=None, category__in=near).exclude(case=case).order_by("-pk")


def classes(*, also: str = "") -> list[tuple[str, str]]:
    """Return the categories of the regulations in force, code and words, and `also` one that an article has."""
    found = {
        one.code: " / ".join(_above(book.pack, one))
        for book in load_rulebook().in_force()
        for one in book.pack.category
    }
    return list((found | ({also: found.get(also, also)} if also else {})).items())


def _found(words: str, category: str, *, retired: bool) -> QuerySet[Article]:
    found = Article.objects.exclude(retired_at=None) if retired else Article.objects.filter(retired_at=None)
    for word in words.split():
        found = found.filter(Q(title__icontains=word) | Q(problem__icontains=word) | Q(method__icontains=word))
    return found.filter(category=category) if category else found


def _above(pack: Pack, one: CategorySpec) -> Iterator[str]:
    for code in (one.parent, one.code):
        if found := pack.entry("category", code):
            yield found.title or code


def _check(lesson: Lesson) -> None:
    for name, words in (("title", _("a title")), ("problem", _("the problem")), ("method", _("the method"))):
        if not getattr(lesson, name).strip():
            raise CannotDo(_("Write %s.") % words, field=name)
    if any(MOBILE_IN_TEXT.search(text) for text in (lesson.title, lesson.problem, lesson.method)):
        raise CannotDo(_("Everybody reads articles: take the telephone number out."), field="problem")
