"""Figures stored each night, so that trends and the pages of the whole trial need not count again."""
