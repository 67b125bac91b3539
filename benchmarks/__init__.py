"""Measurements of the program, each beside the limit that it is held against, taken in the same interleaved run."""
