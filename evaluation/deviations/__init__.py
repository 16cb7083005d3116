"""Deviations from the trial's protocol, in either arm (D59)."""
