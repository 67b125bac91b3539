"""What managers do with what was handed in: who reviews it, what differs from the system, approve, return, propose."""
