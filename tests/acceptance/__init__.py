"""End-to-end tests through the commands, compared with a second computation that shares no code."""
