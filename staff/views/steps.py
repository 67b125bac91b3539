"""What the pages of the set-up share: their frame, the list of steps, and the way to the next one."""

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from staff.domain import setting_up
from staff.domain.company import the_company
from staff.guidance import TOPICS

INSIDE, OUTSIDE = "page.html", "setup/outside.html"
OVERVIEW = "setup:overview"


def page(request, step: str, context: dict | None = None, status: int = 200):
    """Show the page of a step in its frame: with the navigation for who is signed in, bare before that."""
    context = framed(request, step) | (context or {})
    return render(request, f"setup/{step}.html", context, status=status)


def framed(request, here: str = "") -> dict:
    """Return the frame and the list of steps; `here` is the present one."""
    company = the_company()
    inside = request.user.is_authenticated
    after = setting_up.next_step(company)
    steps = [
        {
            "code": step,
            "title": TOPICS[f"setup:{step}"].title,
            "about": TOPICS[f"setup:{step}"].about,
            "url": reverse(f"setup:{step}"),
            "settled": step in company.steps,
            "here": step == here,
            "opens": inside or setting_up.STEPS.index(step) <= setting_up.STEPS.index(setting_up.ADMINISTRATOR),
        }
        for step in setting_up.STEPS
    ]
    number = 1 + setting_up.STEPS.index(here) if here else 0
    told = {"house": company, "is_over": company.set_up_at is not None, "after": after}
    return told | {"frame": INSIDE if inside else OUTSIDE, "steps": steps, "number": number}


def onwards(request, step: str):
    """Note that the step is settled and lead to the next that is not; after the set-up, back to its overview."""
    was_over = the_company().set_up_at is not None
    after = setting_up.settle(step, actor=actor_of(request), now=request.now)
    return HttpResponseRedirect(reverse(OVERVIEW if was_over or after is None else f"setup:{after}"))


def actor_of(request):
    """Return who does it; nobody before anybody has an account."""
    return request.user if request.user.is_authenticated else None
