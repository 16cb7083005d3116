"""The machine on which the trial of a release follows docs/operations.md (scripts/release_trial.py)."""
