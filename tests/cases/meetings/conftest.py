"""A booked meeting of the course, the day before the Wednesday on which the pages are looked at."""

import datetime

import pytest
from django.utils import timezone


@pytest.fixture
def at():
    """`at(day, hour=10)` is that moment in Copenhagen."""

    def moment(day, hour=10):
        return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))

    return moment


@pytest.fixture
def meeting(course, holder, wednesday, at):
    from cases import actions

    return actions.book_meeting(
        course, planned_at=at(wednesday), place="Jobcentret", invited=[holder], by=holder
    )
