"""Which events and customers the conditions of a pack hold for, in SQL and in Python."""
