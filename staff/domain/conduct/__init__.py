"""Broken and kept clauses: found by detectors, proposed, decided by people, posted, closed by the month."""
