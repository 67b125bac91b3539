"""The cases of the demo company: told, handled, escalated, merged, opened again, made good, written down."""
