"""How large a picture or recording may be, and how much the process that opens it may use (RELIABILITY T45)."""

import resource

MEGABYTE = 1024 * 1024
PIXELS = 60_000_000  # decoded whole: PNG, WebP, GIF, BMP; told by the header, before anything is decoded
JPEG_PIXELS = 220_000_000  # decoded at a fraction of their size, so that a telephone's largest photo still fits
STORED_PIXELS = 8_000_000  # what is kept of a larger picture; a screen of text stays legible
CHILD_MEMORY_MEGABYTES = 768
COPY_MEGABYTES = 64  # written at most
CHILD_SECONDS = 30  # of the processor
PATIENCE = 90  # seconds of the clock, for a process that does nothing at all
HEAD = 64  # bytes by which a kind is told


def confine() -> None:
    """Bind this process to the memory and the processor time in which an honest file can be read."""
    memory = CHILD_MEMORY_MEGABYTES * MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (COPY_MEGABYTES * MEGABYTE, COPY_MEGABYTES * MEGABYTE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (CHILD_SECONDS, CHILD_SECONDS))
