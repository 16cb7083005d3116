"""The Monday page is drawn anew when a deadline of its project has changed, and only then."""

import datetime

import pytest
from django.core.cache import cache

from evaluation.monday.cached import DrawnBlocks, drawn_blocks
from reminders.models import Deadline
from tests.factories import ProjectFactory

pytestmark = pytest.mark.django_db

DAY = datetime.date(2016, 6, 6)


@pytest.fixture
def deadlines():
    """Two deadlines of a project on the same day."""
    project = ProjectFactory()
    fields = {"kind": "meeting_due", "subject_type": "course", "functions": ["mentor"]}
    days = {"due_on": DAY, "shown_from": DAY, "shown_to": DAY + datetime.timedelta(days=30)}
    return [
        Deadline.objects.create(project=project, subject=str(number), **fields, **days) for number in range(2)
    ]


@pytest.fixture
def drawings(deadlines):
    """Return how often the page has been drawn, each time it is opened."""
    cache.clear()
    drawn = []

    def open_page():
        drawn_blocks(deadlines[0].project, DAY, (), lambda: drawn.append(1) or DrawnBlocks("", None, None))
        return len(drawn)

    return open_page


def move(deadline, field, days):
    day = getattr(deadline, field) + datetime.timedelta(days=days)
    Deadline.objects.filter(pk=deadline.pk).update(**{field: day})


def test_it_is_drawn_once_while_nothing_has_changed(drawings):
    assert (drawings(), drawings()) == (1, 1)


@pytest.mark.parametrize("field", ["due_on", "shown_to"])
def test_one_deadline_a_day_later_and_another_a_day_earlier_is_a_change(drawings, deadlines, field):
    drawings()
    for deadline, days in zip(deadlines, (1, -1), strict=True):
        move(deadline, field, days)
    assert drawings() == 2


def test_a_deadline_that_is_gone_is_a_change(drawings, deadlines):
    drawings()
    deadlines[0].delete()
    assert drawings() == 2
