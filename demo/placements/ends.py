"""How placements of the demo ended, who never came, and the employees' representatives (D14, D24).

No random numbers are used: the rest stays as it is.
"""

import datetime
import uuid
from collections.abc import Iterable
from decimal import Decimal
from itertools import cycle
from zoneinfo import ZoneInfo

from cases.models import CourseFunction
from companies.models import EarlyEndReason, Placement, PlacementKind
from companies.rules.reasonableness import COUNTING_KINDS
from demo.courses.history import CourseHistory
from demo.workdays import workday_before
from jobfirst.values.dates import DAY, WEEK

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
#: Why placements ended early, with words, by whom it was reported.
EARLY_ENDS = (
    (EarlyEndReason.ILLNESS, "Sygemeldt; vender tilbage efter behandling.", "Borgeren"),
    (EarlyEndReason.COMPANY, "Der var ikke opgaver nok efter sommeren.", "Kontaktpersonen"),
    (EarlyEndReason.OTHER_WORKPLACE, "Ønskede et roligere sted.", "Mentoren"),
    (EarlyEndReason.HIRED, "", "Kontaktpersonen"),
)
REPRESENTATIVES = ("Birthe Bang", "Ole Friis", "Susanne Kragh")
#: One course in so many has a sniffing internship that the citizen never came to.
NO_SHOW_EVERY = 12


def describe_ends(histories: Iterable[CourseHistory], on: datetime.date) -> None:
    """Say how early ends came, who represents the employees, and where a citizen never came."""
    ends, representatives = cycle(EARLY_ENDS), cycle(REPRESENTATIVES)
    for number, history in enumerate(histories):
        for placement in history.rows[Placement]:
            planned, ended = placement.planned_end_on, placement.ended_on
            if planned is not None and ended is not None and ended < planned:
                placement.end_reason, placement.end_note, placement.end_reported_by = next(ends)
                placement.actual_hours = _hours_worked(placement)
            if placement.kind in COUNTING_KINDS:
                _represent(placement, history, next(representatives))
        if number % NO_SHOW_EVERY == 3:
            _never_came(history, on)


def _hours_worked(placement: Placement) -> Decimal:
    """Return nine tenths of the hours that were agreed for the placement's days."""
    weeks = Decimal(placement.span.days) / 7
    hours = placement.internship_hours + placement.ordinary_hours
    return (weeks * hours * 9 / 10).quantize(Decimal("0.5"))


def _represent(placement: Placement, history: CourseHistory, name: str) -> None:
    placement.representative_name = name
    placement.representative_confirmed_on = workday_before(placement.starts_on)
    placement.representative_recorded_by = history.people[CourseFunction.JOB_CONSULTANT]


def _never_came(history: CourseHistory, on: datetime.date) -> None:
    """Add a sniffing internship that was withdrawn on its second day."""
    first = workday_before(history.course.started_on + 2 * WEEK)
    if first + DAY >= on or not history.workplaces:
        return
    history.rows[Placement].append(
        Placement(
            public_id=uuid.uuid5(history.course.referral.public_id, "no show"),
            course=history.course,
            company=history.workplaces[0].company,
            kind=PlacementKind.SNIFFING,
            starts_on=first,
            planned_end_on=first + 4 * DAY,
            internship_hours=Decimal(8),
            withdrawn_at=datetime.datetime.combine(first + DAY, datetime.time(9), COPENHAGEN),
            withdrawn_by=history.people[CourseFunction.JOB_CONSULTANT],
            withdrawn_reason="Mødte ikke op de første to dage og tog ikke telefonen.",
            is_no_show=True,
        )
    )
