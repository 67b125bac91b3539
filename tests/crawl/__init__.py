"""The whole site walked as everybody: what leaks, what opens that should not, what is said in the wrong language."""
