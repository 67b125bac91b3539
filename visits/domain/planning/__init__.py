"""From an event to its tasks: rules in force, windows, draws, series, what is due."""
