"""Cases as pages show them: clocks, lines of the timeline, cards of the board."""
