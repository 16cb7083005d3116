"""What a project owes, one kind of deadline a module."""
