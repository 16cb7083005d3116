"""The closing assessment: how a placement went, as company and citizen see it at its end (D54)."""
