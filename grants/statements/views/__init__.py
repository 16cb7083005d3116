"""The pages of the grants: short function views, one module a subject."""
