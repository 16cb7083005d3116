"""An upgrade while people work: `make upgrade` (docs/operations.md, "A new version")."""
