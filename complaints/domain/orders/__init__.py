"""What becomes of a work order, from the request to the customer's confirmation."""
