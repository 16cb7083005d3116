"""What a course owes, one kind of deadline a module: its rule, its words, and where its facts come from."""
