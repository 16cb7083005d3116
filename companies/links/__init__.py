"""Links about a placement for those without a sign-in: who gets them, and what if they do not arrive."""
