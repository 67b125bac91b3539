"""Reports that are owed: who owes what until when, what it is made of, handing it in, what its cut-off finds."""
