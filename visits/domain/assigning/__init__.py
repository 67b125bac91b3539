"""Who makes a visit: persons tried in order, at work, with the least to do."""
