"""From the matter of a violation back to the violation, for who may see it."""

import pytest

PAGES = {
    "record": ("record", "/records/%s/proof/"),
    "appointment": ("follow_up", "/follow-ups/%s/"),
    "report": ("report", "/daily-reports/%s/"),
}


@pytest.mark.django_db
def test_the_page_of_a_matter_leads_to_what_it_has_brought(world):
    found = world.ours.rows["violation"]
    posts = ((world.ours, world.east, world.repairs), (world.theirs, world.west, world.west_repairs))
    client = world.signed_in("service_advisor")
    for kind, (row, page) in PAGES.items():
        matter, ways = world.ours.rows[row].pk, []
        for side, branch, department in posts:
            found.pk, found.subject, found.employee = None, f"{kind}:{matter}", side.advisor
            found.violation, found.rule = "visit_overdue", "overdue"
            found.branch, found.department = branch, department
            found.state, found.decided_at = "proposed", None
            found.save()
            ways.append(f'href="/ledger/{found.pk}/"')
        told = client.get(page % matter).content.decode()
        assert [way in told for way in ways] == [True, False], kind
