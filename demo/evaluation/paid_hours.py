"""The paid hours of the demo, for both arms: participants are paid for what is agreed, more or less."""

import datetime
import random
from collections.abc import Iterator
from decimal import Decimal

from accounts.models import Project
from companies.models import Placement
from companies.rules.agreed_hours import HoursSpan, hours_over_time
from evaluation.paid_hours.exchange import Month, save_paid_hours
from jobfirst.values.dates import DAY
from randomization.models import Allocation, Arm

#: How many of the controls have a job, and how many hours a month most have in it.
CONTROLS_AT_WORK = 0.12
MOST_HOURS_OF_CONTROLS = 60
QUARTER = Decimal("0.25")


def demo_paid_hours(project: Project, rng: random.Random, on: datetime.date) -> None:
    """Save the paid hours of the drawn citizens, from the month after the draw to the last whole month."""
    agreed = _agreed_hours(project)
    hours: dict[Month, Decimal] = {}
    for citizen, arm, drawn_on in Allocation.objects.filter(project=project).values_list(
        "citizen_id", "arm", "allocated_on"
    ):
        works = arm == Arm.CONTROL and rng.random() < CONTROLS_AT_WORK
        for month in _months(drawn_on, min(on, project.ends_on)):
            if arm == Arm.PARTICIPANT:
                number = (
                    _share_of_month(agreed.get(citizen, []), month) * Decimal(rng.randrange(80, 111)) / 100
                )
            else:
                number = Decimal(rng.randrange(MOST_HOURS_OF_CONTROLS) if works else 0)
            hours[citizen, month] = (number / QUARTER).to_integral_value() * QUARTER
    save_paid_hours(hours)


def _agreed_hours(project: Project) -> dict[int, list[HoursSpan]]:
    """Return the agreed hours over time by citizen."""
    parts: dict[int, list[HoursSpan]] = {}
    placements = Placement.objects.with_hours().filter(course__project=project).select_related("course")
    for placement in placements:
        parts.setdefault(placement.course.citizen_id, []).extend(placement.hours_spans())
    return {citizen: hours_over_time(spans) for citizen, spans in parts.items()}


def _months(after: datetime.date, before: datetime.date) -> Iterator[datetime.date]:
    """Yield the first days of the months after the one day's, and before the other day's."""
    month = _next_month(after)
    while _next_month(month) <= before:
        yield month
        month = _next_month(month)


def _next_month(day: datetime.date) -> datetime.date:
    return (day.replace(day=28) + 4 * DAY).replace(day=1)


def _share_of_month(agreed: list[HoursSpan], month: datetime.date) -> Decimal:
    """Return the ordinary hours that are agreed for the month: those of its middle, for all its days."""
    middle = month + 14 * DAY
    weekly = sum((part.hours.ordinary for part in agreed if middle in part.span), Decimal(0))
    return weekly * (_next_month(month) - month).days / 7
