"""The work agreement and the placements on the agenda of a follow-up meeting (D18)."""

from collections.abc import Iterator

from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.agenda import AgendaLine, AgendaTopic, MeetingFacts
from cases.extension_points import section_url
from cases.models import Course
from companies.models import Placement, PlacementKind
from jobfirst.kit.days import LONG_DATE, written_day
from jobfirst.values.dates import DAY


def _lines(facts: MeetingFacts) -> Iterator[AgendaLine]:
    """Yield what changed of the placements that run or ended since the last meeting."""
    placements = (
        Placement.objects.filter(course=facts.course)
        .select_related("company")
        .prefetch_related("agreements", "hours_changes")
    )
    renewed = {placement.renews_id for placement in placements}
    for placement in placements:
        last = placement.last_day
        if last is None or last >= facts.on or facts.is_new(last):
            yield from _of_placement(placement, facts, is_renewed=placement.pk in renewed)


def _of_placement(placement: Placement, facts: MeetingFacts, *, is_renewed: bool) -> Iterator[AgendaLine]:
    words = {
        "kind": placement.get_kind_display(),
        "company": placement.company.name,
        "first": written_day(placement.starts_on, LONG_DATE),
    }
    if facts.is_new(placement.starts_on):
        yield AgendaLine(_("%(kind)s at %(company)s from %(first)s") % words)
    yield from _agreement(placement, facts)
    for change in placement.hours_changes.all():
        if facts.is_new(change.from_on) and change.from_on > placement.starts_on:
            hours = {
                "day": written_day(change.from_on, LONG_DATE),
                "internship": floatformat(change.internship_hours, "-2"),
                "ordinary": floatformat(change.ordinary_hours, "-2"),
            }
            yield AgendaLine(
                _("From %(day)s: %(internship)s internship hours and %(ordinary)s ordinary hours a week")
                % hours
            )
    yield from _end(placement, facts, words, is_renewed=is_renewed)


def _agreement(placement: Placement, facts: MeetingFacts) -> Iterator[AgendaLine]:
    agreements = list(placement.agreements.all())  # the newest first
    if not agreements:
        if placement.kind == PlacementKind.INTERNSHIP and placement.starts_on <= facts.on:
            text = _("There is no work agreement with %(company)s yet.")
            yield AgendaLine(text % {"company": placement.company.name}, is_urgent=True)
        return
    newest = agreements[0]
    if facts.is_new(newest.made_on):
        words = {
            "company": newest.company_name,
            "number": newest.number,
            "day": written_day(newest.made_on, LONG_DATE),
        }
        yield AgendaLine(_("Work agreement with %(company)s: version %(number)s of %(day)s") % words)


def _end(
    placement: Placement, facts: MeetingFacts, words: dict[str, str], *, is_renewed: bool
) -> Iterator[AgendaLine]:
    """Yield that the placement has ended, or is planned to end before the next meeting is due."""
    if placement.ended_on is not None:
        if placement.ended_on <= facts.on and facts.is_new(placement.ended_on):
            ended = {**words, "last": written_day(placement.ended_on, LONG_DATE)}
            yield AgendaLine(_("%(kind)s at %(company)s ended on %(last)s.") % ended)
        return
    planned = placement.planned_end_on
    ahead = facts.on + facts.terms.meeting_interval_days * DAY
    if planned is not None and facts.on <= planned <= ahead and not is_renewed:
        ending = {**words, "last": written_day(planned, LONG_DATE)}
        yield AgendaLine(_("%(kind)s at %(company)s ends on %(last)s.") % ending, is_urgent=True)


def _url(course: Course) -> str:
    return section_url(course.public_id, "placements")


TOPIC = AgendaTopic("work_agreement", gettext_lazy("Work agreement"), 50, _lines, _url)
