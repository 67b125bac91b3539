"""So many visits in a period: how many were made, who is short, whom to warn (E-03, `[[quota]]`)."""
