"""The dialogue with a company about a citizen: contacted, visit, offer, match (D13, D14).

Steps may be skipped and may come again (a second visit). A match ends the dialogue for good. A dialogue that
came to nothing may be taken up again.
"""

from __future__ import annotations

CONTACTED, VISIT, OFFER, MATCH, ENDED = "contacted", "visit", "offer", "match", "ended"

#: The steps of a dialogue that goes on, in order.
OPEN_STEPS = (CONTACTED, VISIT, OFFER)


def steps_after(step: str) -> tuple[str, ...]:
    """Return the steps that may be taken after this one; none after a match."""
    if step == MATCH:
        return ()
    if step == ENDED:
        return (*OPEN_STEPS, MATCH)
    return (*OPEN_STEPS, MATCH, ENDED)


def usual_step_after(step: str) -> str:
    """Return the step that usually comes next, to be offered first; empty after a match."""
    order = (*OPEN_STEPS, MATCH)
    if step == ENDED:
        return CONTACTED
    return "" if step == MATCH else order[order.index(step) + 1]
