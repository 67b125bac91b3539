"""Why there is a task, and why there is none, in words."""
