"""How large a file may be, and how much a child process may use to read it (RELIABILITY, F61 to F63)."""

import resource

MEGABYTE = 1024 * 1024
FILE_MEGABYTES = 50
UNPACKED_MEGABYTES = 400
PARTS = 2_000
SHEETS = 100
ROWS = 200_000
COLUMNS = 400
CELLS = 3_000_000  # of the rectangle that is used: readers hold it whole, empty cells included
RATIO = 200  # of an unpacked part to its packed bytes, once it is larger than a megabyte; workbooks reach 50
CHILD_MEMORY_MEGABYTES = 900  # of address space, of which libraries take half before the first cell
SECONDS_TO_OPEN = 4  # until the header is known, and for each packed megabyte one more
SECONDS_TO_READ = 10  # of the processor in all, and for each packed megabyte four more


def confine(seconds: int) -> None:
    """Bind this process to its memory and its processor time; beyond them it dies, and its parent says so."""
    memory = CHILD_MEMORY_MEGABYTES * MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
