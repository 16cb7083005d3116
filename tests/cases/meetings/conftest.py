"""A booked meeting of the course, the day before the Wednesday on which the pages are looked at."""

import datetime
import socket

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


@pytest.fixture
def free_port():
    """A port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
