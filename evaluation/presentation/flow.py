"""The flow of the trial as a table: the facts of the diagram, line by line."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from evaluation.presentation.rounded import AT_LEAST, AT_MOST
from evaluation.trial.values import ArmFlow, ConsortFlow, LabelCount


class FlowLine(NamedTuple):
    """A line of the table: numbers of both arms, or of all before the draw. A `detail` is a part of the line
    above; `bound` says how the numbers are rounded (`evaluation.templatetags.trial_numbers`)."""

    label: str | Promise
    participants: int | None = None
    controls: int | None = None
    total: int | None = None
    is_detail: bool = False
    bound: str = ""


def flow_lines(flow: ConsortFlow) -> list[FlowLine]:
    """Return the lines, from assessed to analysed."""
    return [*_before_the_draw(flow), *_after_the_draw(flow)]


def eligible_bound(flow: ConsortFlow) -> str:
    """Return how the number of the eligible is rounded: not when all of them are drawn."""
    return AT_MOST if flow.waiting or flow.lapsed else ""


def _before_the_draw(flow: ConsortFlow) -> Iterator[FlowLine]:
    yield FlowLine(_("Assessed"), total=flow.assessed, bound=AT_MOST)
    yield FlowLine(_("Not eligible"), total=flow.refused, bound=AT_MOST)
    for label, number in flow.reasons:
        yield FlowLine(label, total=number, is_detail=True)
    yield FlowLine(_("Taken back before the draw"), total=flow.taken_back, bound=AT_MOST)
    yield FlowLine(_("Eligible"), total=flow.eligible, bound=eligible_bound(flow))
    yield FlowLine(_("Waiting for the draw"), total=flow.waiting, is_detail=True, bound=AT_MOST)
    yield FlowLine(_("Not drawn before enrolment closed"), total=flow.lapsed, is_detail=True, bound=AT_MOST)


def _after_the_draw(flow: ConsortFlow) -> Iterator[FlowLine]:
    participants, controls = flow.participants, flow.controls
    yield _line(_("Drawn"), participants.drawn, controls.drawn)
    yield FlowLine(_("Began an internship"), participants.started)
    if participants.left is not None:
        lines = list(_kinds(_("Course ended"), participants.left, None))
        # Of published reasons those of few are missing, so that they have no sum.
        yield lines[0]._replace(participants=None) if flow.details_on else lines[0]
        yield from lines[1:]
    yield from _kinds(_("Events after the draw"), participants.events, controls.events)
    yield from _kinds(_("Deviations from the protocol"), participants.deviations, controls.deviations)
    if flow.outcomes_until is None:
        yield _line(_("Drawn, to be analysed"), participants.drawn, controls.drawn)
        return
    without = _without_outcome(participants), _without_outcome(controls)
    yield _line(_("No outcome data"), *without)._replace(bound=AT_MOST)
    analysed = _line(_("Analysed as drawn"), participants.analysed, controls.analysed)
    yield analysed._replace(bound=AT_LEAST if any(without) else "")


def _without_outcome(arm: ArmFlow) -> int | None:
    return None if arm.is_outcome_withheld else arm.without_outcome or 0


def _kinds(
    label: str, participants: Iterable[LabelCount], controls: Iterable[LabelCount] | None
) -> Iterator[FlowLine]:
    """Yield the line of both arms, and below it each kind that occurs in one of them."""
    numbers = {str(kind): number for kind, number in participants}
    others = {str(kind): number for kind, number in controls or ()}
    if controls is None:
        yield FlowLine(label, _sum(numbers.values()))
    else:
        yield _line(label, _sum(numbers.values()), _sum(others.values()))._replace(bound=AT_MOST)
    for kind in dict.fromkeys([*numbers, *others]):
        if controls is None:
            yield FlowLine(kind, numbers[kind], is_detail=True)
        else:
            line = _line(kind, numbers.get(kind, 0), others.get(kind, 0), is_detail=True)
            yield line._replace(bound=AT_MOST)


def _line(label: str, participants: int | None, controls: int | None, *, is_detail: bool = False) -> FlowLine:
    return FlowLine(label, participants, controls, _sum([participants, controls]), is_detail)


def _sum(numbers: Iterable[int | None]) -> int | None:
    """Return the sum; None when one of the numbers is withheld, since the sum would give it away."""
    known = list(numbers)
    return None if None in known else sum(number for number in known if number is not None)
