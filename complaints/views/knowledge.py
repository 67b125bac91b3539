"""The knowledge base: articles found by words and class, written from solved cases (AA-04)."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from complaints.domain import knowledge
from complaints.domain.writing import CannotDo
from complaints.forms.knowledge import ArticleForm, FindArticles
from complaints.models import Article, Case
from staff.views.paging import framed


@require_safe
def article_list(request):
    """Show the articles, found by words and class."""
    words = dict(knowledge.classes())
    form = FindArticles(request.GET, categories=list(words.items()))
    page = knowledge.articles(form.wanted())
    rows = [row | {"class": words.get(row["category"], row["category"])} for row in page]
    return render(request, "complaints/article_list.html", framed(request, form, page, rows))


@require_http_methods(["GET", "HEAD", "POST"])
def article_new(request):
    """Write an article, of a solved case (`case`) or of one's own."""
    wanted = request.POST.get("case") or request.GET.get("case") or ""
    mine = Case.objects.visible_to(request.user, on=request.today)
    case = get_object_or_404(mine, pk=wanted) if wanted.isdecimal() and len(wanted) < 19 else None
    classes = knowledge.classes()
    if request.method != "POST":
        form = ArticleForm(initial=knowledge.drafted(case) if case else {}, categories=classes)
        return render(request, "complaints/article_new.html", {"form": form, "case": case})
    form = ArticleForm(request.POST, categories=classes)
    if form.is_valid():
        try:
            made = knowledge.write_article(form.lesson(), case=case, by=request.user, now=request.now)
            messages.success(request, _("The article stands in the knowledge base."))
            return HttpResponseRedirect(reverse("complaints:article", args=[made.pk]))
        except CannotDo as refusal:
            form.add_error(refusal.field or None, str(refusal))
    return render(request, "complaints/article_new.html", {"form": form, "case": case}, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def article(request, pk):
    """Show one article; change it, retire it or take it into use again."""
    found = get_object_or_404(Article.objects.select_related("by", "case"), pk=pk)
    classes = knowledge.classes(also=found.category)
    start = {name: getattr(found, name) for name in ("title", "problem", "method", "category", "minutes")}
    form = ArticleForm(initial=start, categories=classes)
    if request.method == "POST":
        form = _deed(request, found, classes)
        if form is None:
            return HttpResponseRedirect(reverse("complaints:article", args=[pk]))
    mine = Case.objects.visible_to(request.user, on=request.today)
    context = {
        "article": found, "form": form, "class": dict(classes).get(found.category, found.category),
        "case": mine.filter(pk=found.case_id).first() if found.case_id else None,
    }  # fmt: skip
    return render(request, "complaints/article.html", context, status=422 if form.is_bound else 200)


def _deed(request, found, classes):
    """Do what was asked about an article; return the form with its faults where that was refused."""
    deed = request.POST.get("deed", "change")
    if deed in ("retire", "restore"):
        getattr(knowledge, deed)(found, by=request.user, now=request.now)
        messages.success(request, _("Retired.") if deed == "retire" else _("In use again."))
        return None
    form = ArticleForm(request.POST, categories=classes)
    if form.is_valid():
        try:
            knowledge.change(found, form.lesson(), by=request.user, now=request.now)
            messages.success(request, _("Saved."))
            return None
        except CannotDo as refusal:
            form.add_error(refusal.field or None, str(refusal))
    return form
