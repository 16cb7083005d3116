"""The pages of companies, placements and work agreements."""
