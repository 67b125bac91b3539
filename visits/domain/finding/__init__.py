"""What comes next and where things are: the queue, lists, search."""
