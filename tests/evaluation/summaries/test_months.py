"""The chart of a measure month by month, on the page of its list."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from evaluation.measures.registry import WEEKLY_CONTACT
from evaluation.models import Reckoning
from evaluation.monday.months import months_chart
from evaluation.monday.news import NEWS
from evaluation.summaries import stored
from tests.factories import CourseFactory, MentorContactFactory, UserFactory

pytestmark = pytest.mark.django_db

#: The course is drawn on Monday 4 April 2016: all three weeks that end in April have a contact, and one of
#: the five that end in May.
CONTACTS = [datetime.date(2016, 4, day) for day in (5, 12, 19)] + [datetime.date(2016, 5, 3)]
NIGHT = datetime.date(2016, 6, 1)


@pytest.fixture
def project():
    course = CourseFactory()
    for day in CONTACTS:
        MentorContactFactory(course=course, held_on=day)
    return course.project


def test_the_page_of_a_measure_shows_its_months_and_when_they_were_counted(client, project):
    stored.refresh(NIGHT)
    Reckoning.objects.update(made_at=timezone.make_aware(datetime.datetime(2016, 6, 1, 4, 30)))
    client.force_login(UserFactory(roles=[Role.PROJECT_LEADER], project=project))
    page = client.get(
        reverse("evaluation:measure", args=["weekly_contact"]), {"months": "yes"}
    ).content.decode()
    assert "Måned for måned" in page
    assert "I april 2016 100 %, i maj 2016 20 %." in page
    assert "Opgjort 01.06.2016 kl. 04.30" in page


def test_the_chart_has_a_value_for_each_month(project):
    stored.refresh(NIGHT)
    chart = months_chart(project, WEEKLY_CONTACT)
    assert chart is not None
    assert chart.categories == ["mar 16", "apr 16", "maj 16"]
    assert chart.series[0].values == [None, 100, 20]


def test_there_is_no_chart_before_the_first_night_nor_of_news(project):
    assert months_chart(project, WEEKLY_CONTACT) is None
    stored.refresh(NIGHT)
    assert months_chart(project, NEWS[0]) is None
