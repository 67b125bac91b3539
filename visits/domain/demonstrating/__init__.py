"""A company that never was, with weeks of life: made through the same doors as a real one's."""
