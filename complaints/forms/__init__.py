"""The forms of the complaints app."""
