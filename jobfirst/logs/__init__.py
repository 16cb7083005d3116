"""The log: one JSON object a line, with the request's id and without personal data (docs/operations.md)."""
