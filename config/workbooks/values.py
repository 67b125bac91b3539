"""What the text of a cell means: words, figures, days and moments, as people and programs in China write them."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from config.workbooks.columns import Clean, Setting
from config.workbooks.refusals import Doubtful, Unfit

NOTHING: Final = frozenset(
    {"", "-", "--", "—", "——", "/", "\\", "无", "暂无", "未知", "空", "n/a", "#n/a", "null", "none", "nan"}
)
NO_WORDS: Final = frozenset({"", "#n/a", "null", "none", "nan"})
FIGURE: Final = re.compile(
    r"[¥￥$]?\s*([+-]?(?:\d[\d,]*(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)\s*(万)?\s*(?:元|分|km|公里|千米|%|rmb|cny)?",
    re.IGNORECASE,
)
FIRST_YEAR, LAST_YEAR = 1950, 2199
SERIAL: Final = re.compile(r"\d{4,5}(?:\.\d+)?")
SERIAL_EPOCH: Final = {
    False: datetime(1899, 12, 30),  # noqa: DTZ001  local moments are naive until their zone is added
    True: datetime(1904, 1, 1),  # noqa: DTZ001  as above
}
DAY: Final = (
    r"(?P<year>\d{4})(?:\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*[日号]?|(?P<packed>\d{4}))"
)
HALF: Final = r"(?P<half>凌晨|清晨|早上|上午|中午|下午|傍晚|晚上|晚|[ap]\.?m\.?)"
CLOCK: Final = (
    r"(?:(?P<hour>\d{1,2})(?:[:时点]\s*(?P<minute>\d{1,2})?\s*分?\s*(?::?\s*(?P<second>\d{1,2})(?:\.\d+)?\s*秒?)?)"
    r"|(?P<clock>\d{4}(?:\d\d)?))"
)
MOMENT: Final = re.compile(
    rf"{DAY}(?:[T,\s]*(?:\(?(?:周|星期)[一二三四五六日天]\)?)?\s*(?:{HALF}?\s*{CLOCK}\s*(?P<tail>[ap]\.?m\.?)?)?"
    r"\s*(?P<offset>z|[+-]\d\d:?\d\d)?)?",
    re.IGNORECASE,
)
NIGHT_NOON: Final = 12
YES: Final = frozenset({"是", "有", "y", "yes", "true", "1", "√", "✓", "对"})
NO: Final = frozenset({"否", "无", "没有", "n", "no", "false", "0", "×", "x", "不是"})


SHORTENED: Final = re.compile(r"\d(?:\.\d+)?E\+\d+")
PLAIN_FIGURE: Final = re.compile(r"-?\d{1,12}(?:\.\d{1,9})?", re.ASCII)
LONGEST_NOTHING: Final = max(map(len, NOTHING))


def bare(text: str) -> str:
    """Return the text without blanks of any kind at its ends, and without the apostrophe that marks text."""
    return text.strip(" \t\r\n\u00a0\u3000\ufeff\u200b").removeprefix("'").strip()


def line(limit: int) -> Clean:
    """Read words on one line, blanks folded, at most `limit` characters."""

    def clean(text: str, _setting: Setting) -> str | None:
        said = " ".join(bare(text).split())
        if len(said) <= LONGEST_NOTHING and said.casefold() in NO_WORDS:
            return None
        if len(said) > limit:
            raise Unfit("too_long", limit=limit)
        return said

    return clean


def prose(limit: int) -> Clean:
    """Read words that may have several lines, at most `limit` characters."""

    def clean(text: str, _setting: Setting) -> str | None:
        said = bare(text).replace("\r\n", "\n").replace("\r", "\n")
        if len(said) > limit:
            raise Unfit("too_long", limit=limit)
        return said if said.casefold() not in NO_WORDS else None

    return clean


def code(limit: int) -> Clean:
    """Read a number that is a name, such as an order number: its digits are kept as they are, blanks go."""

    def clean(text: str, _setting: Setting) -> str | None:
        if LONGEST_NOTHING < len(text) <= limit and text.isascii() and text.isalnum():
            return text
        said = "".join(unicodedata.normalize("NFKC", bare(text)).split())
        if said.casefold() in NO_WORDS:
            return None
        if SHORTENED.fullmatch(said):
            raise Unfit("shortened")
        if len(said) > limit:
            raise Unfit("too_long", limit=limit)
        return said

    return clean


def decimal(places: int, digits: int) -> Clean:
    """Read a figure as exact decimal text, rounded half up to `places`; `digits` is the most it may have in all."""
    step, limit = Decimal(1).scaleb(-places), Decimal(10) ** (digits - places)

    def clean(text: str, _setting: Setting) -> str | None:
        figure = _figure(text)
        if figure is None:
            return None
        if abs(figure) >= limit:
            raise Unfit("out_of_range")
        return str(figure.quantize(step, ROUND_HALF_UP))

    return clean


def count(limit: int) -> Clean:
    """Read a whole number from 0 to `limit`; anything else is left out with a warning."""

    def clean(text: str, _setting: Setting) -> int | None:
        if len(text) < 7 and text.isascii() and text.isdigit() and int(text) <= limit:
            return int(text)
        try:
            figure = _figure(text)
        except Unfit as problem:
            raise Doubtful(problem.code) from problem
        if figure is not None and not 0 <= figure <= limit:
            raise Doubtful("out_of_range")
        return None if figure is None else int(figure.to_integral_value(ROUND_HALF_UP))

    return clean


def _figure(text: str) -> Decimal | None:
    if PLAIN_FIGURE.fullmatch(text):
        return Decimal(text)
    said = unicodedata.normalize("NFKC", bare(text))
    if said.casefold() in NOTHING:
        return None
    found = FIGURE.fullmatch(said)
    if not found:
        raise Unfit("not_a_figure")
    figure = Decimal(found[1].replace(",", ""))
    return figure * 10_000 if found[2] else figure


def yes_no(text: str, _setting: Setting) -> bool | None:
    """Read yes or no; anything else is left out with a warning."""
    said = unicodedata.normalize("NFKC", bare(text)).casefold()
    if said in YES or said in NO:
        return said in YES
    if said in NOTHING:
        return None
    raise Doubtful("not_yes_or_no")


def choice(allowed: Mapping[str, str]) -> Clean:
    """Read one of the words of `allowed` as the value it stands for; anything else is left out with a warning."""

    def clean(text: str, _setting: Setting) -> str | None:
        said = "".join(unicodedata.normalize("NFKC", bare(text)).casefold().split())
        if said in NOTHING:
            return None
        if said not in allowed:
            raise Doubtful("not_a_choice", allowed="、".join(allowed))
        return allowed[said]

    return clean


def day(text: str, setting: Setting) -> str | None:
    """Read a day as its ISO text."""
    found = moment(text, setting)
    return found[0].date().isoformat() if found else None


def moment(text: str, setting: Setting) -> tuple[datetime, bool] | None:
    """Return the local moment (naive, to the second) that the text names and whether it has a time of day."""
    quick = _iso(text)
    if quick:
        return _in_range(quick, len(text) > len("2026-03-02"))
    said = unicodedata.normalize("NFKC", bare(text))
    if said.casefold() in NOTHING:
        return None
    if SERIAL.fullmatch(said):
        return _in_range(*_from_serial(said, setting))
    found = MOMENT.fullmatch(said)
    if not found:
        raise Unfit("not_a_date")
    try:
        return _in_range(*_from_parts(found.groupdict(), setting))
    except ValueError as problem:
        raise Unfit("not_a_date") from problem


def _iso(text: str) -> datetime | None:
    """Read the spellings that the reader of workbooks and most programs write, quickly."""
    if len(text) not in (10, 16, 19) or text[4:5] != "-" or text[7:8] != "-":
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _from_serial(said: str, setting: Setting) -> tuple[datetime, bool]:
    """Read the days since the workbook's epoch; a fraction is the time of day."""
    seconds = (Decimal(said) * 86_400).to_integral_value(ROUND_HALF_UP)
    return SERIAL_EPOCH[setting.date1904] + timedelta(seconds=int(seconds)), "." in said


def _from_parts(parts: Mapping[str, str | None], setting: Setting) -> tuple[datetime, bool]:
    packed = parts["packed"] or f"{parts['month']:0>2}{parts['day']:0>2}"
    on = datetime.fromisoformat(f"{parts['year']}{packed}")
    if parts["hour"] is None and parts["clock"] is None:
        return on, False
    clock = (parts["clock"] or f"{parts['hour']:0>2}{parts['minute'] or 0:0>2}{parts['second'] or 0:0>2}").ljust(6, "0")
    hour = _hour(int(clock[:2]), (parts["half"] or parts["tail"] or "").casefold().replace(".", ""))
    local = on.replace(hour=hour, minute=int(clock[2:4]), second=int(clock[4:6]))
    return (_shifted(local, parts["offset"], setting) if parts["offset"] else local), True


def _hour(hour: int, half: str) -> int:
    """Return the hour of 24 that a half of the day makes of an hour of 12; ValueError where they contradict."""
    if not half:
        return hour
    if half in ("下午", "傍晚", "晚上", "晚", "pm") or (half == "中午" and hour < NIGHT_NOON - 1):
        if hour == NIGHT_NOON and half not in ("下午", "pm"):
            raise ValueError(half)
        return hour + NIGHT_NOON if hour < NIGHT_NOON else hour
    if half in ("凌晨", "上午", "am") and hour == NIGHT_NOON:
        return 0
    if half != "中午" and hour > NIGHT_NOON:
        raise ValueError(half)
    return hour


def _shifted(local: datetime, offset: str, setting: Setting) -> datetime:
    """Return the local moment of one that was written with its offset from UTC."""
    text = "+00:00" if offset.casefold() == "z" else offset
    return datetime.fromisoformat(f"{local.isoformat()}{text}").astimezone(setting.zone).replace(tzinfo=None)


def _in_range(local: datetime, timed: bool) -> tuple[datetime, bool]:
    if not FIRST_YEAR <= local.year <= LAST_YEAR:
        raise Unfit("date_out_of_range", first=FIRST_YEAR, last=LAST_YEAR)
    return local, timed
