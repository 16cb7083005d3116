"""What follows when a placement is corrected, said before it is saved (D41)."""

from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from companies.actions.placement_corrections import CorrectedPlacement
from companies.models import AgreementState, Placement, PlacementKind
from companies.rules.placement_kinds import WAIVERS, has_field
from jobfirst import clock
from jobfirst.values.dates import DateSpan


def correction_consequences(placement: Placement, facts: CorrectedPlacement) -> Iterator[str]:
    """Yield what follows from the correction: for the dates, the grant, the agreement, the hours and the
    answers."""
    moves = (placement.company_id, placement.kind, placement.starts_on, placement.planned_end_on) != (
        facts.company.pk,
        facts.kind,
        facts.starts_on,
        facts.planned_end_on,
    )
    if moves and PlacementKind.INTERNSHIP in (placement.kind, facts.kind):
        yield _("The course's phases, its support period and its deadlines are reckoned anew.")
    if moves:
        yield _("The grant is reckoned anew. What has been paid for it is adjusted.")
    yield from _of_the_agreement(placement, facts)
    yield from _of_the_hours(placement, facts)
    yield from _of_the_answers(placement, facts)
    waived = [name for name in WAIVERS if getattr(placement, name) and not has_field(facts.kind, name)]
    if waived:
        yield _("The trial's waiver is taken away: this kind has none.")


def _of_the_agreement(placement: Placement, facts: CorrectedPlacement) -> Iterator[str]:
    newest = placement.agreements.current().first()
    if newest is None:
        return
    if placement.company_id != facts.company.pk:
        yield _("The work agreement with %(company)s holds no longer. Make a new one with %(new)s.") % {
            "company": placement.company,
            "new": facts.company,
        }
    elif placement.is_over(clock.today()):
        yield _("The placement is over: its work agreement stays as it was made.")
    elif newest.state == AgreementState.SIGNED:
        yield _(
            "The work agreement is signed by all. A new version is drafted; the signed one holds until all "
            "three have signed the new one."
        )
    else:
        yield _("The work agreement gets a new version, a draft; signatures that were given are void.")


def _of_the_hours(placement: Placement, facts: CorrectedPlacement) -> Iterator[str]:
    for change in placement.hours_changes.all():
        holds, held = change.from_on > facts.starts_on, change.from_on > placement.starts_on
        day = {"day": date_format(change.from_on)}
        if held and not holds:
            yield (
                _("The change of the hours on %(day)s has no effect: it lies before the new first day.") % day
            )
        elif holds and not held:
            yield _("The change of the hours on %(day)s holds again.") % day


def _of_the_answers(placement: Placement, facts: CorrectedPlacement) -> Iterator[str]:
    span = DateSpan(facts.starts_on, placement.ended_on or facts.planned_end_on)
    outside = sum(reply.answered_on not in span for reply in placement.annex_replies.all())
    if outside:
        text = ngettext(
            "%(n)d answer to the annex lies outside of the new days. It is kept.",
            "%(n)d answers to the annex lie outside of the new days. They are kept.",
            outside,
        )
        yield text % {"n": outside}
