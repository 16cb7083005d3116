"""The leader sees how colleagues use the steps of the scales, and nobody's citizens (D56)."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from accounts.models import User
from jobfirst.encryption.encrypted_text import Ciphertext
from progression.actions import sheets
from progression.models import Answer, AnswerSheet, Rater
from progression.presentation.spread import spread_by_colleague
from tests.factories import CourseFactory, ProjectFactory, UserFactory
from tests.scenarios.progression_answers import finished_sheet

DAY_OF_ANSWERS = datetime.date(2016, 5, 2)
SINCE = datetime.date(2016, 1, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return ProjectFactory()


def finish_sheet_of_colleague(project, name, *, citizen, mentor, days_later=0):
    """Finish a sheet as the colleague: one value for all answers of the citizen, another for the mentor's."""
    course = CourseFactory(project_for=project)
    sheet = finished_sheet(course, DAY_OF_ANSWERS + datetime.timedelta(days=days_later), citizen)
    colleague = User.objects.filter(name=name).first() or UserFactory(
        name=name, project=project, roles=["mentor"]
    )
    answers = Answer.objects.filter(sheet=sheet, rater=Rater.MENTOR)
    answers.update(value=mentor, correction=Ciphertext("Prøve"))
    AnswerSheet.objects.filter(pk=sheet.pk).update(finished_by=colleague)
    return sheet


def test_means_and_differences_by_colleague(project):
    finish_sheet_of_colleague(project, "Anna Alt", citizen=8, mentor=9)
    finish_sheet_of_colleague(project, "Anna Alt", citizen=4, mentor=9, days_later=3)
    finish_sheet_of_colleague(project, "Bo Bund", citizen=2, mentor=1)
    anna, bo = spread_by_colleague(project, SINCE)
    assert (anna.name, anna.sheets, anna.latest_on) == ("Anna Alt", 2, datetime.date(2016, 5, 5))
    assert (anna.citizen_mean, anna.citizen_deviation, anna.mentor_mean, anna.difference) == (6, 2, 9, 3)
    assert (bo.citizen_mean, bo.citizen_deviation, bo.difference) == (2, 0, -1)


def test_others_earlier_begun_and_imported_answers_are_left_out(project):
    sheet = finish_sheet_of_colleague(project, "Anna Alt", citizen=5, mentor=5)
    finish_sheet_of_colleague(ProjectFactory(), "Finn Fremmed", citizen=1, mentor=1)
    imported = finish_sheet_of_colleague(project, "Ina Import", citizen=1, mentor=1)
    AnswerSheet.objects.filter(pk=imported.pk).update(finished_by=None)
    sheets.start_sheet(CourseFactory(project_for=project), today=DAY_OF_ANSWERS)
    assert [line.name for line in spread_by_colleague(project, SINCE)] == ["Anna Alt"]
    assert spread_by_colleague(project, sheet.answered_on + datetime.timedelta(days=1)) == []


@time_machine.travel("2016-05-18 08:00 +0000", tick=True)
def test_the_leader_sees_it_and_others_do_not(client, project, django_assert_max_num_queries):
    sheet = finish_sheet_of_colleague(project, "Anna Alt", citizen=8, mentor=7)
    leader = UserFactory(project=project, roles=["project_leader"])
    client.force_login(leader)
    with django_assert_max_num_queries(8):
        page = client.get(reverse("evaluation:spread"))
    assert "Anna Alt" in page.content.decode()
    assert "\u22121,0" in page.content.decode()  # a minus sign, as elsewhere
    assert sheet.course.citizen_name not in page.content.decode()
    assert client.get(reverse("evaluation:spread"), {"project": ProjectFactory().slug}).status_code == 404
    for roles in (["mentor"], ["course_owner"]):
        client.force_login(UserFactory(project=project, roles=roles))
        assert client.get(reverse("evaluation:spread")).status_code == 403
