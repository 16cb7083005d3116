"""Matching: the dialogues with companies about a citizen, and what would fit (D10, D11, D13, D14)."""
