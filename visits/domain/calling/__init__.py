"""One contact: what is asked, what was said, what becomes of its tasks."""
