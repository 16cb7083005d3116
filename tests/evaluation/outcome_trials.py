"""Trials with paid hours, for the tests of the outcomes."""

import datetime
import random
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from evaluation.models import PaidHours
from tests.factories import AllocationFactory, CourseFactory, ReferralFactory

FIRST_DRAW = datetime.date(2016, 4, 4)


def month(text):
    return datetime.date.fromisoformat(f"{text}-01")


def drawn(project, arm, *, group="activity_ready", on=FIRST_DRAW, municipality=None, course=True):
    """A drawn citizen's allocation; a participant has a course."""
    traits = {"municipality": municipality} if municipality else {}
    referral = ReferralFactory(project=project, target_group=group, **traits)
    allocation = AllocationFactory(referral=referral, arm=arm, allocated_on=on)
    if arm == "participant" and course:
        CourseFactory(referral=referral, started_on=on)
    return allocation


def paid(allocation, first, *hours):
    """Deliver the hours of months in a row from `first`; None leaves a month out."""
    PaidHours.objects.bulk_create(
        PaidHours(
            citizen=allocation.citizen, month=month(first) + relativedelta(months=n), hours=Decimal(str(h))
        )
        for n, h in enumerate(hours)
        if h is not None
    )


def random_trial(project, citizens, seed=1):
    """Draw citizens of both target groups on several days and deliver most of their months to 2016-12."""
    rng = random.Random(seed)
    allocations = []
    for number in range(citizens):
        arm = "participant" if number % 2 else "control"
        group = "activity_ready" if number % 3 else "resource_programme"
        day = FIRST_DRAW + datetime.timedelta(days=7 * rng.randrange(20))
        allocation = drawn(project, arm, group=group, on=day, course=False)
        hours = [
            None if rng.random() < 0.1 else rng.choice([0, 0, round(rng.uniform(1, 90), 2)]) for _ in range(9)
        ]
        paid(allocation, "2016-04", *hours)
        allocations.append(allocation)
    return allocations
