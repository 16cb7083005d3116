"""Sign-in by password and second step: what is refused, how it is checked, and how long it lasts."""
