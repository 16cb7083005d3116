"""While somebody is absent, a stand-in sees and does what the holder of the functions would (D8)."""

import datetime

import pytest
from django.urls import reverse

from accounts.models import Absence, User
from accounts.roles import Role
from audit.models import AccessRecord
from cases.models import Course, FunctionHolding, MentorContact
from jobfirst.values.dates import DAY
from reminders import actions as reminder_actions
from reminders import deadlines, recipients
from reminders.models import Digest
from tests.factories import CourseFactory, FollowUpMeetingFactory, ProjectFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

WEDNESDAY = datetime.date(2016, 5, 18)


@pytest.fixture
def absence(holder, colleague, project, course):
    """The holder is away on Wednesday and Thursday; the colleague stands in."""
    return Absence.objects.create(
        user=holder,
        project=project,
        stand_in=colleague,
        first_on=WEDNESDAY,
        last_on=WEDNESDAY + DAY,
        entered_by=holder,
    )


def reloaded(user):
    return type(user).objects.get(pk=user.pk)


def course_page(client, course):
    return client.get(reverse("cases:course", args=[course.public_id]))


def told_on(day, user) -> set[str]:
    return {telling.kind for telling in recipients.tellings(day, recipient_id=user.pk)}


def test_the_stand_in_finds_the_courses_in_every_list(as_user, colleague, course, absence):
    client = as_user(colleague)
    for page in ("cases:courses", "cases:my_week", "cases:my_meetings"):
        assert "Testborger Ågesen" in client.get(reverse(page)).content.decode(), page


def test_the_stand_in_acts_and_the_access_is_logged(as_user, colleague, course, absence):
    client = as_user(colleague)
    assert course_page(client, course).status_code == 200
    answer = client.post(
        reverse("cases:contact_today", args=[course.public_id]), {"channel": "phone"}, follow=True
    )
    assert answer.status_code == 200
    assert MentorContact.objects.get().registered_by == colleague
    records = AccessRecord.objects.filter(user=colleague, citizens__contains=[course.citizen.public_id])
    assert {"course", "course.contact"} <= set(records.values_list("action", flat=True))


@pytest.mark.parametrize("days_before", [-2, 1])
def test_nobody_sees_the_courses_before_or_after_the_absence(
    as_user, colleague, course, absence, days_before
):
    Absence.objects.update(
        first_on=absence.first_on - days_before * 2 * DAY, last_on=absence.last_on - days_before * 2 * DAY
    )
    assert course_page(as_user(colleague), course).status_code == 404


def test_a_stand_in_has_only_the_functions_of_roles_held_in_the_project(project, course, holder):
    stand_in = UserFactory(project=project, roles=[Role.MENTOR])
    Absence.objects.create(
        user=holder, project=project, stand_in=stand_in, first_on=WEDNESDAY, last_on=WEDNESDAY
    )
    assert list(Course.objects.held_by(reloaded(stand_in), "mentor")) == [course]
    assert not Course.objects.held_by(reloaded(stand_in), "course_owner").exists()
    assert reloaded(stand_in).has_perm("cases.register_contact", course)
    assert not reloaded(stand_in).has_perm("cases.manage_meetings", course)


def test_an_absence_opens_only_the_courses_of_its_project(course, holder, colleague, absence):
    elsewhere = CourseFactory(holders=holder)
    assert elsewhere not in Course.objects.visible_to(reloaded(colleague))


def test_the_stand_in_is_told_in_the_holders_place(holder, colleague, course, absence):
    deadlines.recompute()
    assert "weekly_contact_overdue" in told_on(WEDNESDAY, colleague)
    assert told_on(WEDNESDAY, holder) == set()
    after = absence.last_on + DAY
    assert "weekly_contact_overdue" in told_on(after, holder)
    assert told_on(after, colleague) == set()


def test_the_digest_goes_to_the_stand_in(holder, colleague, course, absence, mailoutbox):
    deadlines.recompute()
    reminder_actions.make_digests(WEDNESDAY)
    assert list(Digest.objects.values_list("recipient", flat=True)) == [colleague.pk]


@pytest.mark.parametrize("lost", ["role", "account"])
def test_without_a_stand_in_who_may_act_the_holder_is_told(holder, colleague, course, absence, lost):
    if lost == "role":
        colleague.memberships.filter(role__in=["mentor", "course_owner"]).delete()
    else:
        type(colleague).objects.filter(pk=colleague.pk).update(is_active=False)
    deadlines.recompute()
    assert "weekly_contact_overdue" in told_on(WEDNESDAY, holder)


def test_the_course_page_names_the_stand_in_the_last_day_and_whose_each_phone_is(
    as_user, leader, holder, colleague, course, absence
):
    User.objects.filter(pk=holder.pk).update(phone="+4511111111")
    User.objects.filter(pk=colleague.pk).update(phone="+4522222222")
    for user in (leader, holder):
        page = " ".join(course_page(as_user(user), course).content.decode().split())
        team = page[page.index("<strong>Mette Mentor</strong>") :]
        named = "Vikar til og med 19. maj: <strong>Kim Kollega</strong>"
        assert team.index("tel:+4511111111") < team.index(named) < team.index("tel:+4522222222")


@pytest.mark.parametrize(("url_name", "most"), [("cases:courses", 8), ("cases:my_week", 8)])
def test_the_lists_keep_to_their_queries(
    as_user, colleague, project, holder, absence, django_assert_max_num_queries, url_name, most
):
    for _number in range(5):
        CourseFactory(project_for=project, holders=holder)
    client = as_user(colleague)
    with django_assert_max_num_queries(most):
        client.get(reverse(url_name))


def test_the_course_page_keeps_to_its_queries(
    as_user, colleague, course, absence, django_assert_max_num_queries
):
    client = as_user(colleague)
    with django_assert_max_num_queries(12):
        assert course_page(client, course).status_code == 200


def test_a_stand_in_of_a_former_holder_sees_nothing(as_user, colleague, course, holder, absence):
    FunctionHolding.objects.update(until_on=WEDNESDAY - DAY)
    assert course_page(as_user(colleague), course).status_code == 404


def test_who_stands_in_for_two_sees_both(project, colleague, course, absence):
    other = UserFactory(project=project, roles=[Role.MENTOR])
    second = CourseFactory(project_for=project, holders=other)
    Absence.objects.create(
        user=other, project=project, stand_in=colleague, first_on=WEDNESDAY, last_on=WEDNESDAY
    )
    assert set(Course.objects.held_by(reloaded(colleague), "mentor")) == {course, second}


def test_a_stand_in_of_another_project_is_none(project, course, holder):
    """The form refuses it; a row alone gives nothing either."""
    stranger = UserFactory(project=ProjectFactory(), roles=[Role.MENTOR])
    Absence.objects.create(
        user=holder, project=project, stand_in=stranger, first_on=WEDNESDAY, last_on=WEDNESDAY
    )
    assert not Course.objects.visible_to(reloaded(stranger)).exists()


def test_the_dashboard_names_who_is_to_act(as_user, leader, course, absence):
    deadlines.recompute()
    page = as_user(leader).get(reverse("evaluation:dashboard")).content.decode()
    assert "Kim Kollega" in page
    assert "Mette Mentor" not in page


def test_a_stand_in_without_a_name_is_named_by_the_address(as_user, leader, colleague, course, absence):
    User.objects.filter(pk=colleague.pk).update(name="")
    deadlines.recompute()
    page = as_user(leader).get(reverse("evaluation:dashboard")).content.decode()
    assert colleague.email in page
    assert "Mette Mentor" not in page


def test_the_stand_in_can_be_noted_as_present_at_a_meeting(as_user, colleague, course, absence):
    meeting = FollowUpMeetingFactory(course=course)
    page = as_user(colleague).get(reverse("cases:meeting", args=[meeting.public_id])).content.decode()
    attendees = page.partition('id="div_id_attendees"')[2]
    assert "Kim Kollega" in attendees
    assert "Mette Mentor" in attendees
