"""The projects side by side, as the agency sees them: published figures only (D3, D7)."""
