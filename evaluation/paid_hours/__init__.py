"""The paid hours of both arms (D20): import, what has been delivered, and a course's agreed and paid hours."""
