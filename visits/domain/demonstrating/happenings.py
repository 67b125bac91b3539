"""The calendar of the demo company: what happens once, by how many days before today.

A company that has been there for fewer days lives through what lies before its first day on its second one.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Final

from visits.domain.demonstrating import asking, managing, office, ruling, visiting
from visits.domain.demonstrating.scene import Company

Happening = Callable[[Company, datetime], None]
HAPPENINGS: Final[tuple[tuple[int, Happening], ...]] = (
    (58, office.sign_papers),
    (57, office.set_capacities),
    (55, office.hold_test),
    (50, office.ask_for_leave(50)),
    (48, visiting.assign_first),
    (45, office.train),
    (44, office.hold_test_again),
    (42, managing.save_filters),
    (40, managing.campaign("入冬用车关怀", "城东店老客户", lasts=12, most=40)),
    (38, managing.merge_files),
    (33, office.ask_for_leave(33)),
    (30, asking.refuse_once),
    (24, ruling.tighten),
    (22, office.part_with),
    (20, office.ask_for_leave(20)),
    (18, managing.campaign("老客户满意度调查", "消费 5000 元以上", lasts=10, most=30)),
    (9, office.ask_for_leave(9)),
    (6, visiting.assign_again),
    (4, office.ask_for_leave(4)),
    (3, office.give_notice),
    (2, managing.campaign("久未来店客户邀约", "近 90 天没来店", lasts=9, most=90)),
    (1, office.ask_for_leave(1)),
    (1, visiting.write_halves),
    (1, managing.hand_around),
    (1, managing.propose_changes),
    (1, ruling.propose),
)


def happenings(company: Company, on: date) -> Iterator[Happening]:
    """Yield what happens on that day, in its order."""
    earliest = max(company.days - 1, 1)
    for ago, happening in HAPPENINGS:
        if min(ago, earliest) == company.ago(on):
            yield happening
