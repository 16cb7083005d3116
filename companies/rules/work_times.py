"""When the work of an opening lies, and which of these times a citizen's accommodations rule out (D11)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time

from cases.rules.work_limits import WorkLimits

DAYTIME, EVENING, NIGHT, WEEKEND = "daytime", "evening", "night", "weekend"
#: The evening lies from this hour to 22.00, where the night of an accommodation begins.
EVENING_FROM = time(18)


def ruled_out(limits: WorkLimits) -> tuple[str, ...]:
    """Return the times at which the limits allow no work: whoever may not begin before an hour, or not work
    after one, does not work at night."""
    return tuple(_ruled_out(limits))


def _ruled_out(limits: WorkLimits) -> Iterable[str]:
    if limits.not_after is not None and limits.not_after <= EVENING_FROM:
        yield EVENING
    if limits.no_nights or limits.not_before is not None or limits.not_after is not None:
        yield NIGHT
    if limits.no_weekend:
        yield WEEKEND
