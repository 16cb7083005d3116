"""Twenty-five faults while people write: `make faults` (docs/operations.md). Nothing acknowledged is lost."""
