"""The stored bounds of cases against a count that shares nothing with the program: step by step, day by day.

Cases of the winter of 2025/26 with its holidays and made-up days (written down here by hand), stopped and going on at
any second of day and night; every bound, and every line of the page that explains it, adds up.
"""

import random
from calendar import monthrange
from datetime import date, datetime, timedelta

import pytest

from complaints.choices import Source
from complaints.domain import clocks
from complaints.domain.listing import bounds_of
from complaints.domain.registering import Told, register
from complaints.domain.showing.calculation import MOST_DAYS, calculations_of
from complaints.models import Case
from staff.domain.wording import exact_words
from tests.visits.calls import Shop, at
from tests.visits.desk import signed_in
from visits.domain.obliging.fulfilling import set_bound
from visits.models import Obligation

OFF = {date(2026, 1, 1) + timedelta(n) for n in range(3)} | {date(2026, 2, 15) + timedelta(n) for n in range(9)}
OFF |= {date(2026, 4, 4) + timedelta(n) for n in range(3)}
MADE_UP = {date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28)}
MORNING, NOON, LUNCH, EVENING = 8 * 60 + 30, 12 * 60, 13 * 60 + 30, 17 * 60 + 30
EPOCH = at("2025-12-01 00:00")
MINUTE, STEP, DAY = 60, 1800, 86_400  # offices open and close on the half hour
OWED = ("office 20min", "office 90min", "office 4h", "office 11h", "office 30h", "wall 45min", "wall 30h", "wall 9d",
        "wall 0d", "wall 1wd", "office 4wd", "wall 1w", "wall 1m")  # fmt: skip
HEAD = '[calling_hours]\nallowed = ["08:30-12:00", "13:30-17:30"]\ndays = "working"\n[complaints]\n'
RULE = '[[obligation]]\ncode = "{0}"\non = "complaint_registered"\ndeed = "resolve"\nby = "handler"\nclock = "{1}"\n'
PACK = HEAD + "".join(
    RULE.format(one.replace(" ", "-"), one.split()[0]) + f'within = "{one.split()[1]}"\n' for one in OWED
)


def seconds(moment: datetime) -> int:
    return int((moment - EPOCH).total_seconds())


def day_of(second: int) -> date:
    return date(2025, 12, 1) + timedelta(second // DAY)


def is_worked(on: date) -> bool:
    return on in MADE_UP or (on.weekday() < 5 and on not in OFF)


def runs(clock: str, second: int) -> bool:
    minute = second % DAY // MINUTE
    return clock == "wall" or ((MORNING <= minute < NOON or LUNCH <= minute < EVENING) and is_worked(day_of(second)))


def walk(clock: str, start: int, left: int, stops=()) -> int:
    """Go on from half hour to half hour, or stop, until so many seconds have passed that no stop lies over."""
    now = start
    while left:
        then = min([now // STEP * STEP + STEP, *(end for stop in stops for end in stop if end > now)])
        if runs(clock, now) and not any(begin <= now < end for begin, end in stops):
            if then - now >= left:
                return now + left
            left -= then - now
        now = then
    return now


def days(unit: str, start: int, count: int, stops=()) -> int:
    """Go on midnight by midnight; those in a stop are none. What went on on a day off has the next working day."""
    on, counted, moved = start // DAY, 0, False
    if unit == "m":
        here = day_of(start)
        year, month = here.year + here.month // 12, here.month % 12 + 1
        count = (date(year, month, min(here.day, monthrange(year, month)[1])) - here).days
    while True:
        midnight = (on + 1) * DAY
        if any(begin < midnight <= end for begin, end in stops):
            on, moved = on + 1, True
        elif counted == count and (unit != "wd" or not moved or is_worked(day_of(on * DAY))):
            return midnight
        else:
            on += 1
            counted += counted < count and (unit != "wd" or is_worked(day_of(on * DAY)))


def bound(told: str, start: int, stops) -> int:
    clock, span = told.split()
    count, unit = int(span.rstrip("minhdw")), span.lstrip("0123456789")
    if unit in ("min", "h"):
        return walk(clock, start, count * (MINUTE if unit == "min" else 60 * MINUTE), stops)
    return days("d" if unit == "w" else unit, start, count * 7 if unit == "w" else count, stops)


def bounds_after(told: str, start: int, asked) -> int:
    """Return the bound after the stops that were asked for; one whose time was over by then stands still no more."""
    stops: list[tuple[int, int]] = []
    for stop in asked:
        if bound(told, start, stops) > stop[0]:
            stops.append(stop)
    return bound(told, start, stops)


@pytest.fixture
def shop(db) -> Shop:
    return Shop(pack=PACK, since=date(2025, 1, 1))


def begun(shop, second: int, reference: str) -> Case:
    moment = EPOCH + timedelta(seconds=second, microseconds=second % 7 * 140_000)
    told = Told(summary="空调不凉", source=Source.PHONE, opened_at=moment, branch=shop.branch, reference=reference,
                handler=shop.wang)  # fmt: skip
    return register(told, by=shop.wang, now=moment)


def stop_and_go(case, begin: int, end: int) -> None:
    for second, deed, words in ((begin, clocks.pause, {"reason": "等配件"}), (end, clocks.resume, {})):
        case.refresh_from_db()
        deed(case, by=case.handler, now=EPOCH + timedelta(seconds=second, microseconds=999), **words)


def some_stops(chance, start: int) -> list[tuple[int, int]]:
    stops, second = [], start
    for _each in range(chance.randint(0, 4)):
        begin = second + chance.choice((1, 3599, chance.randrange(DAY), chance.randrange(4 * DAY)))
        second = begin + chance.choice((0, 1, 59, 5400, chance.randrange(DAY), chance.randrange(15 * DAY)))
        stops.append((begin, second))
        second += 1
    return stops


def told_by(page, one) -> tuple[int, int]:
    """Return how long the lines of the page say that the clock ran, and when the last of them ends."""
    whole, last = 0, 0
    for line in page.lines:
        length = 0
        for piece in line.what.split("、"):
            parts = (f"{text}:0".split(":") for text in piece.split("–"))
            begin, end = (int(part[0]) * 3600 + int(part[1]) * 60 + int(part[2]) for part in parts)
            length += end - begin
            last = seconds(at(f"{line.day[:10]} 00:00")) + end
        whole += length
        assert (line.length, line.total) == (
            exact_words(timedelta(seconds=length)),
            exact_words(timedelta(seconds=whole)),
        )
    return whole, last


def check_page(page, told: str) -> None:
    one, span = page.clock.one, told.split()[1]
    if span[-1] in ("n", "h"):
        whole, last = told_by(page, one)
        assert whole == int(span.rstrip("minh")) * (60 if span[-1] == "n" else 3600), (told, page.lines)
        assert last == seconds(one.due_at), (told, page.lines)
        return
    if page.lines:
        assert page.lines[-1].day[:10] == str(day_of(seconds(one.due_at) - 1))
        count = {"9d": 9, "0d": 0, "1wd": 1, "4wd": 4, "1w": 7}.get(span)
        assert count is None or int("".join(filter(str.isdigit, page.lines[-1].total))) >= count


def test_every_bound_and_every_line_of_its_page_is_what_a_walk_counts(shop, clock_at):
    chance = random.Random(39)
    for number in range(6):
        start = chance.choice((chance.randrange(70 * DAY), 30 * DAY + chance.randrange(DAY)))  # 31 December as well
        stops = some_stops(chance, start)
        case = begun(shop, start, f"r{number}")
        for stop in stops:
            stop_and_go(case, *stop)
        for page in calculations_of(case, now=EPOCH + timedelta(days=200)):
            told = page.clock.one.rule.replace("-", " ")
            expected = bounds_after(told, start, stops)
            assert seconds(page.clock.one.due_at) == expected, (told, start, stops)
            if not page.more:
                check_page(page, told)
    clock_at("2026-03-20T10:00+08:00")
    shown = signed_in(shop.wang).get(f"/complaints/{case.pk}/clock/")
    assert len(shown.context["clocks"]) == len(OWED)
    assert max(len(page.lines) for page in shown.context["clocks"]) <= MOST_DAYS
    nearest = min(Obligation.objects.filter(subject=f"case:{case.pk}").values_list("due_at", flat=True))
    assert bounds_of({case.pk: 1})[case.pk][0] == nearest  # the list, the board and the page read the same row


def test_a_bound_set_by_hand_is_moved_by_later_stops_alone_and_its_page_shows_by_how_much(shop):
    start = seconds(at("2026-02-13 15:00"))
    case = begun(shop, start, "set")
    stop_and_go(case, start + 600, start + 4200)
    to, later = seconds(at("2026-02-14 11:00")), (seconds(at("2026-02-13 17:00")), seconds(at("2026-02-14 09:30:20")))
    one = Obligation.objects.get(rule="office-11h")
    set_bound(one, EPOCH + timedelta(seconds=to), now=EPOCH + timedelta(seconds=start + 4300))
    stop_and_go(case, *later)
    stood = sum(runs("office", second) for second in range(*later))
    one.refresh_from_db()
    assert seconds(one.due_at) == walk("office", to, stood)
    [page] = [page for page in calculations_of(case, now=EPOCH) if page.clock.one.pk == one.pk]
    assert told_by(page, one) == (stood, seconds(one.due_at))
    assert page.set_to[:16] == "2026-02-14 周六 11"[:16]
