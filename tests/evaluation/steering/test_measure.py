"""The agency's count of the quarters in which steering groups met."""

import datetime

import pytest

from evaluation.measures.figures import figures
from evaluation.measures.steering import QUARTERS_MET
from evaluation.measures.values import Window
from evaluation.rules.steering_quarters import whole_quarters
from jobfirst.dates import DAY, DateSpan
from tests.evaluation.steering_factories import SteeringMeetingFactory
from tests.factories import ProjectFactory

pytestmark = pytest.mark.django_db


def counted(project, on):
    """How many quarters have a meeting, and how many there are."""
    figure = figures([QUARTERS_MET], [project], Window(project.starts_on, on))[QUARTERS_MET.code][project.pk]
    return figure.counted, figure.rows


def test_quarters_that_are_over_and_those_with_a_meeting(project):
    SteeringMeetingFactory(project=project, held=True)  # on 15 June 2016
    assert counted(project, datetime.date(2016, 6, 30)) == (0, 0)
    assert counted(project, datetime.date(2016, 7, 1)) == (1, 1)
    assert counted(project, datetime.date(2016, 10, 1)) == (1, 2)


@pytest.mark.parametrize("starts_on", ["2016-01-01", "2016-01-02", "2016-03-31", "2016-04-01", "2016-02-29"])
@pytest.mark.parametrize("on", ["2016-03-31", "2016-04-01", "2017-02-01", "2018-03-01"])
def test_the_quarters_are_those_of_the_deadline(starts_on, on):
    day = datetime.date.fromisoformat(on)
    project = ProjectFactory(starts_on=datetime.date.fromisoformat(starts_on))
    days = DateSpan(project.starts_on, project.ends_on)
    over = [quarter for quarter in whole_quarters(days) if quarter.last_day <= day - DAY]
    assert counted(project, day) == (0, len(over))
