"""What belongs to somebody else is not there: 404, with the very bytes of what does not exist (RELIABILITY, T02)."""

import pytest

from staff.domain.access import ACCESS
from tests.crawl.addresses import KEYED, keyed, prefix
from tests.crawl.world import KINDS

NOWHERE = 999_999
OF_OURS = ("service_advisor", "quality_manager", "department_manager", "cs_supervisor")


def told(answer) -> dict[str, str]:
    """Return the headers of an answer but its own number, which is another for every request."""
    return {name: value for name, value in answer.headers.items() if name != "X-Request-ID"}


@pytest.mark.any_database  # whose it is, the same question asks; that it can be asked everywhere, ours shows
@pytest.mark.parametrize("name", KEYED)
def test_an_object_of_theirs_looks_like_one_that_is_not_there(standing, name):
    kind = KINDS[prefix(name)]
    if kind is None:
        return  # the whole company may see it
    foreign = standing.theirs.rows[kind].pk
    for role in OF_OURS:
        client = standing.signed_in(role)
        for method in ("GET", "POST"):
            if role not in ACCESS[name].get(method, ()):
                continue
            theirs, missing = (client.generic(method, keyed(name, pk)) for pk in (foreign, NOWHERE))
            assert (theirs.status_code, theirs.content) == (404, missing.content), (name, method, role)
            assert told(theirs) == told(missing), (name, method, role)


@pytest.mark.parametrize("name", [name for name in KEYED if "GET" in ACCESS[name]])
def test_an_object_of_ours_opens(standing, name):
    kind = KINDS[prefix(name)]
    if kind is not None and "service_advisor" in ACCESS[name]["GET"]:
        answer = standing.signed_in("service_advisor").get(keyed(name, standing.ours.rows[kind].pk))
        assert answer.status_code == 200, name
