"""The annex of the work agreement: what company and citizen answer before a meeting (D16, D35)."""
