"""The stories of the demo company: told to their end in their order, at whatever hour the visitor comes."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from complaints.domain.demonstrating.living import REGISTERED_AT, _began, _due
from complaints.domain.demonstrating.stories import STORIES
from tests.visits.calls import MONDAY, at
from visits.domain.demonstrating.scene import Company

LONGEST = max(story.ago for story in STORIES)


@pytest.mark.parametrize("clock", ["00:10", "09:24", "09:40", "10:30", "23:50"])
@pytest.mark.parametrize("days", [1, 3, 60])
def test_every_story_is_told_to_its_end_before_the_visitor_comes(days, clock):
    company = Company(MONDAY, days, until=at(clock), zone=ZoneInfo("Asia/Shanghai"))
    for story in STORIES:
        began = _began(company, story)
        told = company.at(MONDAY - timedelta(began), REGISTERED_AT)
        done = [
            (deed, moment)
            for ago in range(days, -1, -1)
            for deed, moment in _due(company, story, MONDAY - timedelta(ago), began)
        ]
        assert [deed for deed, _moment in done] == [deed for _after, deed in story.then]
        moments = [told, *(moment for _deed, moment in done)]
        assert moments == sorted(set(moments)) and moments[-1] <= company.until


def test_in_the_evening_of_a_full_company_each_story_begins_on_its_own_day():
    company = Company(date(2026, 3, 2), LONGEST + 1, until=at("20:30"), zone=ZoneInfo("Asia/Shanghai"))
    assert [_began(company, story) for story in STORIES] == [story.ago for story in STORIES]
