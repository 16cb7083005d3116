"""Small worlds that tests of several apps share. A module says in its name what its world contains."""
