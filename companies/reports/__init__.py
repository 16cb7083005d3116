"""Absence and an early stop, reported by the company's link and accepted or refused by staff (D48)."""
