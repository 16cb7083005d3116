"""Paid hours (D20): their import, what has been delivered, and a course's agreed and paid hours."""
