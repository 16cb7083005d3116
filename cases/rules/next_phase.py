"""What a course still needs before its next phase (D12, D14, D21)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TypeVar

from cases.rules.phases import Phase

#: The phases in their order; after the last one a course only ends.
ORDER = (Phase.SNIFFING, Phase.INTERNSHIP, Phase.CONTINUED)


@dataclass(frozen=True)
class Requirement:
    """Something that must be there before a course goes on to `phase`."""

    key: str
    phase: Phase
    order: int = 100


RequirementT = TypeVar("RequirementT", bound=Requirement)


def next_phase(phase: Phase) -> Phase | None:
    """Return the phase that follows; None when the course has ended or only its end follows."""
    if phase is Phase.NOT_STARTED:
        return Phase.SNIFFING
    following = ORDER[ORDER.index(phase) + 1 :] if phase in ORDER else ()
    return following[0] if following else None


def missing(
    phase: Phase, requirements: Iterable[RequirementT], met: Collection[str]
) -> tuple[RequirementT, ...]:
    """Return what is not `met` of all that the next phase and those before it require.

    What an earlier phase should have brought is still needed: an internship without a work agreement goes on
    lacking it.
    """
    following = next_phase(phase)
    if following is None:
        return ()
    needed = ORDER[: ORDER.index(following) + 1]
    return tuple(
        requirement
        for requirement in requirements
        if requirement.phase in needed and requirement.key not in met
    )
