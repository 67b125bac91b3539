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
CHILD_MEMORY_MEGABYTES = 320  # of address space; what is resident stays below 300
# Seconds are of the processor, so that a busy machine refuses no honest file; only PATIENCE is of the clock.
SECONDS_TO_OPEN = 4  # until the header is known, and for each packed megabyte one more
SECONDS_TO_READ = 10  # all in all, and for each packed megabyte four more
PATIENCE = 60  # for a process that does nothing at all


def confine(size: int) -> None:
    """Bind this process to the memory and the processor time in which a file of that size (MB) can be opened.

    Beyond them it dies, and its parent says so.
    """
    memory = CHILD_MEMORY_MEGABYTES * MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds_to_open(size), seconds_to_read(size)))


def go_on(size: int) -> None:
    """Give this process the time to read the rest of a file that could be opened."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds_to_read(size), seconds_to_read(size)))


def seconds_to_open(size: int) -> int:
    """Return how long the header of a file of that size (MB) may take."""
    return SECONDS_TO_OPEN + size


def seconds_to_read(size: int) -> int:
    """Return how long a file of that size (MB) may take in all."""
    return SECONDS_TO_READ + 4 * size
