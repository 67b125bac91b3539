"""Deeds that are owed after events: noted, done by the deed itself, warned of, escalated (`[[obligation]]`)."""
