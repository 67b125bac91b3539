"""What a contact leaves to be done, until it is done: problems, returns, repairs, questions, reminders."""
