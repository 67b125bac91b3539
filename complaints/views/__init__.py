"""The pages of the complaints app."""
