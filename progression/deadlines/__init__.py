"""What the progression tool owes, one kind of deadline a module."""
