"""How did we do, and is it true: what the exports and figures are made of."""
