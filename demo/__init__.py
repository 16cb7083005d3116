"""A synthetic trial in all phases, the same for the same seed. For rehearsals only."""
