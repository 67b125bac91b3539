"""Pure arithmetic of time: windows, occurrences, the next attempt."""
