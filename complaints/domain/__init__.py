"""What becomes of a case, from the first word to a solution that the customer has confirmed."""
