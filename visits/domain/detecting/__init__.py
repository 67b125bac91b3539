"""Finding what breaks a clause in the work with customers: one detector for each violation, pure about time."""
