"""The companies of the demo: their records, their jobs, the dialogues with them."""
