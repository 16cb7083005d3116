"""The lists of the grants, one module a subject."""
