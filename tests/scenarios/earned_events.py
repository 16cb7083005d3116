"""Stored events for tests that write placements, terms or projects past the actions."""

from grants.storage import stored_events


def recompute_events() -> None:
    """Make the stored events of all courses those that their facts give."""
    stored_events.recompute()
