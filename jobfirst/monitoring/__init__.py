"""What monitoring asks: health, and figures without personal data (docs/operations.md)."""
