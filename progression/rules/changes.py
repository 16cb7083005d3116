"""Which answers differ from those of the time before: they have a reason (D56)."""

from __future__ import annotations

from progression.rules.progress import ScaledValue


def has_changed(before: ScaledValue | None, now: ScaledValue | None) -> bool:
    """Whether both were answered and differ on the common scale; "not now" is no change."""
    return before is not None and now is not None and before.score != now.score
