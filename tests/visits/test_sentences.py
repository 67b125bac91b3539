"""What a rule does, in plain words."""

import pytest
from django.utils.translation import override

from staff.models import Role
from tests.packs import pack, shipped
from visits.domain.explaining.sentences import sentences
from visits.models import EventKind

pytestmark = pytest.mark.django_db

RULE = '[[visit_rule]]\ncode = "r"\ntrigger = "{trigger}"\n[[visit_rule.step]]\ncode = "s"\n'


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


def said(step: str, *, trigger: str = "deal") -> str:
    """Return the sentence of a rule with one step."""
    (sentence,) = sentences(pack(RULE.format(trigger=trigger) + step).visit_rule[0])
    return sentence


def test_the_shipped_regulation_says_what_it_does():
    EventKind.objects.create(code="list_received", title="收到回访清单")
    Role.objects.create(code="service_advisor", title="服务顾问", like="service_advisor")
    (told,) = sentences(shipped("auto-dealer-service").rule("unsatisfied-callback"))
    assert told == (
        "After: 收到回访清单, if rating is not “极为满意” or CSS score is below “120”, "
        "the advisor of the order, else a holder of “服务顾问” calls on the customer, "
        "from 0 days to 1 day after that day."
    )


@pytest.mark.parametrize(
    ("step", "part"),
    [
        ('closes = "3wd"', "from 0 days to 3 working days after that day"),
        ('closes = "90min"\nopens = "1h"', "from 1 hour to 90 minutes after that day"),
        ('closes = "given"', "by the day that the event itself sets"),
        ('align = "quarter"', "once in every whole calendar period (quarter)"),
        ('closes = "2y"\nopens = "2w"\nanchor = "previous_visit"', "from 2 weeks to 2 years after the previous visit"),
        ('closes = "1m"\nevery = "6m"', "again every 6 months"),
        ('closes = "1m"\nevery = "6m"\ntimes = 4', "again every 6 months, 4 times in all"),
        ('closes = "1m"\nsample = { rate = 0.075 }', "7.5% of each day are drawn"),
        ('closes = "1m"\nsample = { count = 20, per = "week" }', "20 of each week are drawn"),
        ('closes = "1m"\nassign = "pool:desk"', "whoever of “desk” takes it calls"),
        (
            'closes = "1m"\nassign = ["level", "?"]',
            "whom the level of the complaint names, else (missing figure) calls",
        ),
        ('closes = "?"', "to (missing figure) after that day, (inactive until the missing figure is filled in)"),
        ('closes = "1m"\nsample = "?"', "from 0 days to 1 month after that day, (inactive"),
        (
            'closes = "1m"\nmatch = "any"\nwhen = [{ field = "model", op = "in", value = ["A", "B"] }]',
            "if model is one of “A”, “B”",
        ),
    ],
)
def test_each_key_that_decides_who_and_when_is_said(step, part):
    assert part in said(step)


def test_a_rule_on_customers_says_so():
    assert said('closes = "1m"', trigger="customer").startswith("For every customer, ")
