"""What is found out about a file, and why one is refused."""

from dataclasses import dataclass


class Refused(Exception):
    """The file is not taken: `empty`, `unknown`, `heic`, `video`, `damaged`, `too_many_pixels`, `too_hard`,
    `disk_full`."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True)
class Finding:
    """What a file is. `media`: the type under which its clean copy goes out; `suffix`: the ending of its name.

    `seconds` and `silent` are of recordings; `prints` (hexadecimal, the whole picture first) of pictures. `made_at` is
    the moment that the file itself tells, ISO, without an offset where it tells none; anybody can write it.
    """

    media: str
    suffix: str
    seconds: float | None = None
    silent: bool = False
    prints: str = ""
    made_at: str = ""
