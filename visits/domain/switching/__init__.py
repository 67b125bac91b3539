"""What becomes of open work when another release is put in force: shown first, then done, and done once (F34, F35)."""
