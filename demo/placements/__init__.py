"""The placements of the demo: agreements, the annex, attendance, and how they ended."""
