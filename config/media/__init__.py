"""Foreign pictures and recordings: what they are by their content, and a clean copy of them (RELIABILITY T42, T45)."""
