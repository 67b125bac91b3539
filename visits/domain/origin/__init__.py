"""Where visits come from that no import brings: people ask for them, and tell of new customers."""
