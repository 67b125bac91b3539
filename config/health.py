"""When the program is taken for ill."""

STALE_SECONDS = 180.0  # three rings unheard
