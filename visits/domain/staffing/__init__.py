"""People and their work: who is here with how much, who goes and what moves, how work is shared out anew."""
