"""What is stored although it follows from facts: the rows, and the check that they still do."""
