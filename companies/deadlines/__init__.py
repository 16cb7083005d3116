"""What a placement owes, one kind of deadline a module."""
