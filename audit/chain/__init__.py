"""The chain over the audit log: records are sealed in batches, so that changes show (docs/audit.md)."""
