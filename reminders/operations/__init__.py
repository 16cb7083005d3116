"""The administrators' page of operations: what runs, what waits, and what was given up."""
