"""The pages of the progression tool: short function views, one module per subject."""
