"""What proves a contact: files taken in, kept, doubted, and the list of visits that nothing proves (A-18)."""
