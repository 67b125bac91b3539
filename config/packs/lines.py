"""Where in a TOML text a key stands: the parser tells values only, an error message should name the line.

The text was parsed before it comes here, so it is sound TOML and this reader may be simple.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import chain, product

from config.packs.rule import OWN_KEYS

Way = tuple[str | int, ...]

TOKEN = re.compile(
    r'(?P<blank>[ \t\r]+|#[^\n]*)|(?P<text>"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\])*"|\'[^\']*\')'
    r"|(?P<mark>[\[\]{}=,.\n])|(?P<word>[^\s\[\]{}=,.#]+)",
    re.DOTALL,
)
QUOTES = "\"'"


class Reader:
    """Walks the tokens of a TOML text once and notes the line of each key and each item of a list."""

    def __init__(self, text: str) -> None:
        self.tokens = list(tokens_of(text))
        self.at = 0
        self.lines: dict[Way, int] = {}
        self.counts: dict[Way, int] = {}

    def peek(self, ahead: int = 0) -> str:
        """Return the token `ahead` of the present one, empty past the end."""
        index = self.at + ahead
        return self.tokens[index][0] if index < len(self.tokens) else ""

    def line(self) -> int:
        """Return the line of the present token."""
        return self.tokens[min(self.at, len(self.tokens) - 1)][1]

    def take(self) -> str:
        """Return the present token and step over it."""
        token = self.peek()
        self.at += 1
        return token

    def skip_newlines(self) -> None:
        """Step over line ends, which mean nothing inside brackets."""
        while self.peek() == "\n":
            self.at += 1

    def key(self, *ends: str) -> list[str]:
        """Read a dotted key up to one of `ends`."""
        parts = []
        while (part := self.take()) not in (*ends, "", "."):
            parts.append(part[1:-1] if part[0] in QUOTES else part)
            if self.peek() == ".":
                self.at += 1
        return parts

    def read(self) -> dict[Way, int]:
        """Return the line of every key path; tables in lists are counted from 0, as the parser has them."""
        table: Way = ()
        while self.peek():
            if self.peek() == "\n":
                self.at += 1
            elif self.peek() == "[":
                table = self.header()
            else:
                self.pair(table)
        return self.lines

    def header(self) -> Way:
        """Read ``[table]`` or ``[[table]]`` and return the way to it."""
        line, in_list = self.line(), self.peek(1) == "["
        self.at += 2 if in_list else 1
        parts = self.key("]")
        self.at += 1 if in_list else 0
        way: Way = ()
        for part in parts[:-1]:
            way = (*way, part)
            way = (*way, self.counts[way] - 1) if way in self.counts else way
        way = (*way, parts[-1])
        if in_list:
            self.lines.setdefault(way, line)
            self.counts[way] = self.counts.get(way, 0) + 1
            way = (*way, self.counts[way] - 1)
        self.lines[way] = line
        return way

    def pair(self, table: Way) -> None:
        """Read ``key = value``."""
        line = self.line()
        way = (*table, *self.key("="))
        self.lines[way] = line
        self.value(way)

    def value(self, way: Way) -> None:
        """Read one value and note the lines of what is inside."""
        if self.peek() == "[":
            self.items(way)
        elif self.peek() == "{":
            self.inline(way)
        else:
            while self.peek() not in ("\n", ",", "]", "}", ""):
                self.at += 1

    def items(self, way: Way) -> None:
        """Read ``[ … ]``."""
        self.at += 1
        index = 0
        self.skip_newlines()
        while self.peek() not in ("]", ""):
            self.lines[(*way, index)] = self.line()
            self.value((*way, index))
            index += 1
            self.skip_newlines()
            if self.peek() == ",":
                self.at += 1
            self.skip_newlines()
        self.at += 1

    def inline(self, way: Way) -> None:
        """Read ``{ … }``."""
        self.at += 1
        self.skip_newlines()
        while self.peek() not in ("}", ""):
            self.pair(way)
            self.skip_newlines()
            if self.peek() == ",":
                self.at += 1
            self.skip_newlines()
        self.at += 1


def tokens_of(text: str) -> Iterator[tuple[str, int]]:
    """Yield each token that is no blank with its line."""
    line = 1
    for found in TOKEN.finditer(text):
        if found.lastgroup != "blank":
            yield found.group(), line
        line += found.group().count("\n")


def lines_of(text: str) -> dict[Way, int]:
    """Return for each key path of a sound TOML text the line on which it stands, counted from 1."""
    return Reader(text).read()


def line_of(lines: Mapping[Way, int], loc: Way) -> tuple[int, Way]:
    """Return the line of `loc`, or of what stands nearest above it, and the way that was found.

    A step's key may stand on its rule, and a list of one may stand without its brackets.
    """
    for way in ways_up(loc):
        if way in lines:
            return lines[way], way
    return 0, ()


def ways_up(loc: Way) -> Iterator[Way]:
    """Yield `loc`, its place on the rule where it is a step's, then what holds it, outwards."""
    for end in range(len(loc), 0, -1):
        way = loc[:end]
        yield from without_brackets(way)
        if way[0] == "visit_rule" and len(way) > 4 and way[2] == "step" and way[4] not in OWN_KEYS:
            yield (*way[:2], *way[4:])


def without_brackets(way: Way) -> Iterator[Way]:
    """Yield `way`, then each way without some of its 0s: a list of one may be written as a single value."""
    choices = [((part,), ()) if part == 0 else ((part,),) for part in way]
    for chosen in product(*choices):
        yield tuple(chain.from_iterable(chosen))
