"""By what a customer is visited: what they prefer, else what reaches them first (R-04, R-05)."""

import pytest

from tests.policies.regulation import rule, tick
from tests.visits.world import customer, event, publish, tasks
from visits.domain.calling.card import context_of
from visits.domain.contact.reaching import first_reaching
from visits.models import ContactNumber, Customer, VisitTask

pytestmark = pytest.mark.django_db
LADDER = ("mobile", "desk_phone", "im", "email", "letter", "onsite")
CONTACTS = {
    "mobile and QQ": ({"im": "81234567"}, True, "mobile"),
    "QQ only": ({"im": "81234567"}, False, "im"),
    "e-mail only": ({"email": "lin@example.com"}, False, "email"),
    "address only": ({"address": "温州路 1 号"}, False, "letter"),
    "nothing at all": ({}, False, "onsite"),
    "prefers letters": ({"preferred_channel": "letter", "address": "温州路 1 号"}, True, "letter"),
    "prefers what the step lacks": ({"preferred_channel": "wechat"}, True, "mobile"),
}


def patient(facts, has_number):
    made = customer(**facts)
    if not has_number:
        ContactNumber.objects.filter(customer=made).delete()
    return made


@pytest.mark.parametrize(("facts", "has_number", "expected"), CONTACTS.values(), ids=CONTACTS)
def test_the_task_and_its_card_name_the_first_channel_that_reaches(facts, has_number, expected):
    channels = "[ " + ", ".join(f'"{one}"' for one in LADDER) + " ]"
    publish(rule("hospital", '"discharge"', f'closes = "7d"\nchannels = {channels}'))
    event("discharge", "2024-05-06 10:00", customer=patient(facts, has_number))
    tick("2024-05-06 10:01")
    context = context_of(VisitTask.objects.get(), now=VisitTask.objects.get().opens_at)

    assert tasks("channel") == [expected]
    assert context.channels[0].code == expected


@pytest.mark.parametrize("channels", [LADDER, LADDER[::-1], ("wechat", "sms"), ("email", "mobile"), ("sms", "mobile"),
                                      ("wechat", "letter", "seminar"), ("email", "im")])  # fmt: skip
def test_python_and_sql_agree(channels):
    quoted = "[ " + ", ".join(f'"{one}"' for one in channels) + " ]"
    publish(rule("hospital", '"discharge"', f'closes = "7d"\nchannels = {quoted}'))
    facts = ({}, {"im": "8"}, {"email": "a@example.com"}, {"address": "路"}, {"wechat": "w"}, {"email": "a", "im": "8"})
    found = {}
    for told in facts:
        for has_number in (True, False):
            who = patient(told, has_number)
            event("discharge", "2024-05-06 10:00", customer=who)
            found[who.pk] = first_reaching(channels, Customer.objects.get(pk=who.pk), has_number=has_number)
    tick("2024-05-06 10:01")

    assert dict(VisitTask.objects.values_list("customer", "channel")) == found


def test_a_step_for_the_telephone_alone_asks_nothing():
    publish(rule("shop", '"discharge"', 'closes = "7d"\nchannels = [ "desk_phone", "sms" ]'))
    event("discharge", "2024-05-06 10:00", customer=patient({"email": "a@example.com"}, False))
    tick("2024-05-06 10:01")

    assert tasks("channel") == ["desk_phone"]
