"""Absences: entered by the person or the project leader, corrected, ended early, never two at once."""

import datetime
import uuid

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.absences import actions as absences
from accounts.models import Absence
from accounts.people.actions import deactivate_user
from accounts.people.locks import locked_user
from accounts.roles import Role
from jobfirst.kit.versioned import StaleError
from jobfirst.values.dates import DAY, DateSpan
from tests.concurrency import BackgroundAction, run_at_once
from tests.factories import CourseFactory, ProjectFactory, UserFactory
from tests.validation import error_codes

pytestmark = pytest.mark.django_db

MONDAY = datetime.date(2016, 5, 16)
WEEK_AWAY = DateSpan(MONDAY, MONDAY + 4 * DAY)


@pytest.fixture
def project():
    return ProjectFactory()


@pytest.fixture
def mentor(project):
    user = UserFactory(project=project, roles=[Role.MENTOR], name="Maja Mentor")
    CourseFactory(project_for=project).holdings.create(
        function="mentor", user=user, from_on=datetime.date(2016, 4, 4)
    )
    return user


@pytest.fixture
def stand_in(project):
    return UserFactory(project=project, roles=[Role.MENTOR, Role.COURSE_OWNER], name="Viggo Vikar")


@pytest.fixture
def leader(project):
    return UserFactory(project=project, roles=[Role.PROJECT_LEADER], name="Lene Leder")


def enter(user, project, stand_in, span=WEEK_AWAY, **kwargs):
    facts = absences.AbsenceFacts(user, project, stand_in, span)
    return absences.enter_absence(facts, by=user, today=span.first, **kwargs)


def test_an_absence_is_entered_and_its_history_stored(mentor, project, stand_in):
    absence = enter(mentor, project, stand_in)
    assert (absence.user, absence.stand_in, absence.span) == (mentor, stand_in, WEEK_AWAY)
    assert absence.events.count() == 1


def test_a_second_absence_on_one_of_the_days_is_refused(mentor, project, stand_in):
    enter(mentor, project, stand_in)
    with pytest.raises(ValidationError):
        enter(mentor, project, stand_in, DateSpan(MONDAY + 4 * DAY, MONDAY + 9 * DAY))
    enter(mentor, project, stand_in, DateSpan(MONDAY + 5 * DAY, MONDAY + 9 * DAY))


def test_the_database_refuses_overlapping_absences(mentor, project, stand_in):
    enter(mentor, project, stand_in)
    with pytest.raises(IntegrityError, match="one_at_a_time"), transaction.atomic():
        Absence.objects.create(
            user=mentor, project=project, stand_in=stand_in, first_on=MONDAY, last_on=MONDAY
        )


@pytest.mark.parametrize(
    ("roles", "elsewhere", "active"),
    [([Role.COURSE_OWNER], False, True), ([Role.MENTOR], True, True), ([Role.MENTOR], False, False)],
    ids=["another role", "another project", "closed account"],
)
def test_only_somebody_with_the_roles_in_the_project_stands_in(mentor, project, roles, elsewhere, active):
    somebody = UserFactory(project=ProjectFactory() if elsewhere else project, roles=roles, is_active=active)
    with pytest.raises(ValidationError) as caught:
        enter(mentor, project, somebody)
    assert error_codes(caught) == {"stand_in": "roles"}


def test_nobody_stands_in_for_themselves(mentor, project):
    with pytest.raises(ValidationError):
        enter(mentor, project, mentor)


def test_somebody_who_is_away_does_not_stand_in(mentor, project, stand_in):
    enter(stand_in, project, mentor, DateSpan(MONDAY, MONDAY))
    with pytest.raises(ValidationError) as caught:
        enter(mentor, project, UserFactory(project=project, roles=[Role.MENTOR]))
    assert error_codes(caught) == {"first_on": "stands_in"}
    third = UserFactory(project=project, roles=[Role.MENTOR])
    with pytest.raises(ValidationError) as caught:
        enter(third, project, stand_in)
    assert error_codes(caught) == {"stand_in": "stand_in_away"}


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_do_not_stand_in_for_each_other():
    project = ProjectFactory()
    first, second = (UserFactory(project=project, roles=[Role.MENTOR]) for _number in range(2))
    outcomes = run_at_once([lambda: enter(first, project, second), lambda: enter(second, project, first)])
    assert {type(outcome) for outcome in outcomes} == {Absence, ValidationError}
    assert Absence.objects.count() == 1


def test_an_absence_ended_early_ends_the_day_before(mentor, project, stand_in):
    absence = enter(mentor, project, stand_in)
    absences.end_absence(absence, MONDAY + 2 * DAY, version=1)
    absence.refresh_from_db()
    assert absence.last_on == MONDAY + DAY
    absences.end_absence(absence, MONDAY + 4 * DAY, version=1)
    absence.refresh_from_db()
    assert absence.last_on == MONDAY + DAY


def test_an_absence_that_has_not_begun_is_removed(mentor, project, stand_in):
    absence = enter(mentor, project, stand_in)
    absences.end_absence(absence, MONDAY, version=1)
    assert not Absence.objects.exists()
    absences.end_absence(absence, MONDAY, version=1)


def test_an_absence_changed_meanwhile_is_not_ended(client, mentor, project, stand_in):
    absence = enter(mentor, project, stand_in)
    longer = DateSpan(MONDAY, MONDAY + 9 * DAY)
    absences.correct_absence(absence, stand_in=stand_in, span=longer, version=1, today=MONDAY)
    with pytest.raises(StaleError):
        absences.end_absence(absence, MONDAY + DAY, version=1)
    assert Absence.objects.get().span == longer


def test_the_page_ends_the_absence_that_it_showed(client, mentor, project, stand_in):
    absence = enter(mentor, project, stand_in)
    client.force_login(mentor)
    page_url = reverse("correct_absence", args=[absence.public_id])
    url = reverse("end_absence", args=[absence.public_id])
    with time_machine.travel(datetime.datetime(2016, 5, 18, 8, 0, tzinfo=datetime.UTC)):
        for version in ({}, {"version": "x"}, {"version": 2}, {"version": "1" * 5000}):
            answer = client.post(url, version, follow=True)
            assert answer.redirect_chain == [(page_url, 302)]
            assert "ændret fraværet i mellemtiden" in answer.content.decode()
        assert Absence.objects.get().span == WEEK_AWAY
        ending = client.get(page_url).content.decode().partition(f'action="{url}"')[2]
        assert 'name="version" value="1"' in ending.partition("</form>")[0]
        assert client.post(url, {"version": 1}).status_code == 302
    assert Absence.objects.get().last_on == MONDAY + DAY


def test_a_correction_asks_for_the_roles_needed_from_today_on(client, mentor, project, stand_in):
    """The mentor has handed her function over since the absence began, and still owns a course."""
    absence = enter(mentor, project, stand_in)
    mentor.holdings.update(until_on=MONDAY + DAY)
    CourseFactory(project_for=project).holdings.create(
        function="course_owner", user=mentor, from_on=datetime.date(2016, 4, 4)
    )
    owner = UserFactory(project=project, roles=[Role.COURSE_OWNER], name="Eva Ejer")
    consultant = UserFactory(project=project, roles=[Role.JOB_CONSULTANT], name="Jon Konsulent")
    wednesday = MONDAY + 2 * DAY
    facts = {"span": WEEK_AWAY, "version": 1, "today": wednesday}
    with pytest.raises(ValidationError) as caught:
        absences.correct_absence(absence, stand_in=consultant, **facts)
    assert error_codes(caught) == {"stand_in": "roles"}
    client.force_login(mentor)
    with time_machine.travel(datetime.datetime(2016, 5, 18, 8, 0, tzinfo=datetime.UTC)):
        page = client.get(reverse("correct_absence", args=[absence.public_id])).content.decode()
    assert "Eva Ejer" in page
    assert "Jon Konsulent" not in page
    absences.correct_absence(absence, stand_in=owner, **facts)
    assert Absence.objects.get().stand_in == owner


@pytest.mark.django_db(transaction=True)
def test_somebody_whose_account_is_closed_meanwhile_does_not_stand_in():
    project = ProjectFactory()
    mentor, colleague = (UserFactory(project=project, roles=[Role.MENTOR]) for _number in range(2))
    with transaction.atomic():
        deactivate_user(colleague, MONDAY)
        entering = BackgroundAction(lambda: enter(mentor, project, colleague))
        assert entering.is_blocked()
    assert isinstance(entering.join(), ValidationError)
    assert not Absence.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_end_of_an_absence_waits_for_what_is_done_with_its_people():
    project = ProjectFactory()
    mentor, colleague = (UserFactory(project=project, roles=[Role.MENTOR]) for _number in range(2))
    absence = enter(mentor, project, colleague)
    with transaction.atomic():
        locked_user(colleague)
        ending = BackgroundAction(lambda: absences.end_absence(absence, MONDAY + DAY, version=1))
        assert ending.is_blocked()
    assert ending.join() is None
    assert Absence.objects.get().last_on == MONDAY


def test_the_same_form_sent_twice_enters_one_absence(client, mentor, project, stand_in):
    client.force_login(mentor)
    data = {
        "project": project.pk,
        "first_on": "2016-05-16",
        "last_on": "2016-05-20",
        "stand_in": stand_in.pk,
        "submission": "8c2b6a0e-0000-4000-8000-000000000001",
    }
    for _time in range(2):
        answer = client.post(reverse("new_absence", args=[mentor.public_id]), data)
        assert answer.status_code == 302
    assert Absence.objects.get().entered_by == mentor


def test_the_same_form_sent_again_with_other_days_is_refused(client, mentor, project, stand_in):
    """Nothing says "entered" of days on which nobody stands in."""
    token = uuid.uuid4()
    enter(mentor, project, stand_in, submission=token)
    client.force_login(mentor)
    data = {
        "project": project.pk,
        "first_on": "2016-05-16",
        "last_on": "2016-06-20",
        "stand_in": stand_in.pk,
        "submission": token,
    }
    answer = client.post(reverse("new_absence", args=[mentor.public_id]), data)
    assert answer.status_code == 200
    assert "allerede gemt med et andet indhold" in answer.content.decode()
    assert Absence.objects.get().span == WEEK_AWAY


def test_the_leader_enters_and_corrects_the_absence_of_one_of_the_people(
    client, leader, mentor, project, stand_in
):
    client.force_login(leader)
    page = client.get(reverse("new_absence", args=[mentor.public_id])).content.decode()
    assert "Viggo Vikar" in page
    assert "Lene Leder" not in page.partition('id="id_stand_in"')[2]
    data = {"project": project.pk, "first_on": "2016-05-16", "last_on": "2016-05-20"}
    client.post(reverse("new_absence", args=[mentor.public_id]), {**data, "stand_in": stand_in.pk})
    absence = Absence.objects.get()
    corrected = {"first_on": "2016-05-17", "last_on": "2016-05-30", "stand_in": stand_in.pk}
    url = reverse("correct_absence", args=[absence.public_id])
    assert client.post(url, {**corrected, "version": 1}).status_code == 302
    absence.refresh_from_db()
    assert absence.span == DateSpan(MONDAY + DAY, MONDAY + 14 * DAY)
    assert client.post(url, {**corrected, "version": 1}).status_code == 409


def test_the_absent_the_stand_in_and_the_leader_see_it(client, leader, mentor, project, stand_in):
    enter(mentor, project, stand_in)
    uninvolved = UserFactory(project=project, roles=[Role.MENTOR])
    for user, sees in ((leader, True), (mentor, True), (stand_in, True), (uninvolved, False)):
        client.force_login(user)
        page = client.get(reverse("absences")).content.decode()
        assert ("Viggo Vikar" in page.partition('id="results"')[2]) is sees, user


def test_the_last_day_before_the_first_is_refused_beside_the_field(client, mentor, project, stand_in):
    client.force_login(mentor)
    data = {
        "project": project.pk,
        "first_on": "2016-05-20",
        "last_on": "2016-05-16",
        "stand_in": stand_in.pk,
    }
    page = client.post(reverse("new_absence", args=[mentor.public_id]), data).content.decode()
    assert "id_last_on_error" in page
    assert not Absence.objects.exists()


def test_the_list_keeps_to_eight_queries(
    client, leader, mentor, project, stand_in, django_assert_max_num_queries
):
    for week in range(30):
        first = MONDAY + 7 * week * DAY
        enter(mentor, project, stand_in, DateSpan(first, first))
    client.force_login(leader)
    with django_assert_max_num_queries(8):
        client.get(reverse("absences"))
