"""A synthetic trial in all phases, reproducible from a seed. For rehearsals only."""
