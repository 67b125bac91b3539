"""Faults on purpose: kills in the middle, two at once, and the guards switched off to see the tests turn red."""
