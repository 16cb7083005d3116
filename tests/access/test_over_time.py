"""Access that ends: openings, functions and roles, over time and across projects."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Membership, User
from accounts.people import actions as account_actions
from accounts.roles import Role
from cases import actions
from cases.models import Course, FunctionHolding
from cases.policy import PERMISSIONS
from jobfirst.values.dates import DAY
from tests.cases.course_records import course_url
from tests.factories import CourseFactory, ProjectFactory, UserFactory
from tests.scenarios.course_team import as_user, colleague, course, holder, leader, project, wednesday

__all__ = ["as_user", "colleague", "course", "holder", "leader", "project", "wednesday"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

#: What a person who may only read a course has of the permissions on courses.
READER = {"cases.view_course"}
#: The permissions that are asked with a course.
OF_A_COURSE = {
    name
    for name in PERMISSIONS
    if name.removeprefix("cases.")
    not in {
        *("list_courses", "find_citizen", "list_referrals", "refer", "upload", "my_week", "my_meetings"),
        *("oversee", "see_unusual_use"),
    }
}


def as_in_the_next_request(user: User) -> User:
    """Return the user without what a request remembers of roles."""
    return User.objects.get(pk=user.pk)


def sees(user: User, course: Course) -> bool:
    return Course.objects.visible_to(as_in_the_next_request(user)).filter(pk=course.pk).exists()


def permissions_on(user: User, course: Course) -> set[str]:
    """Return the permissions on courses that the user has on this one."""
    user, course = as_in_the_next_request(user), Course.objects.get(pk=course.pk)
    return {permission for permission in OF_A_COURSE if user.has_perm(permission, course)}


def at(day: datetime.date, hour: int, minute: int = 0) -> datetime.datetime:
    """Return a time of the day in Copenhagen, in summer."""
    return datetime.datetime.combine(day, datetime.time(hour, minute)).replace(
        tzinfo=datetime.timezone(datetime.timedelta(hours=2))
    )


class TestOpening:
    def test_it_is_gone_after_midnight(self, as_user, colleague, course, wednesday):
        actions.open_colleagues_course(course, colleague, "Vikar i uge 20")
        with time_machine.travel(at(wednesday, 23, 59), tick=False):
            assert as_user(colleague).get(course_url(course)).status_code == 200
        with time_machine.travel(at(wednesday + DAY, 0), tick=False):
            assert not sees(colleague, course)
            assert as_user(colleague).get(course_url(course)).status_code == 404

    def test_it_is_gone_at_once_when_the_role_in_the_project_is_lost(self, colleague, course):
        """The person still works elsewhere, so the account and its other roles stay."""
        Membership.objects.create(user=colleague, project=ProjectFactory(), role=Role.MENTOR)
        actions.open_colleagues_course(course, colleague, "Vikar i uge 20")
        assert sees(colleague, course)
        Membership.objects.filter(user=colleague, project=course.project).delete()
        assert not sees(colleague, course)

    def test_it_does_not_come_back_with_the_role(self, colleague, course, wednesday):
        actions.open_colleagues_course(course, colleague, "Vikar i uge 20")
        membership = Membership.objects.get(user=colleague, role=Role.MENTOR)
        account_actions.take_role(membership, wednesday)
        account_actions.give_role(as_in_the_next_request(colleague), Role.MENTOR, course.project)
        assert not sees(colleague, course)

    def test_it_opens_no_other_course_and_to_nobody_else(self, colleague, course):
        other_course = CourseFactory(project_for=course.project)
        other_colleague = UserFactory(project=course.project, roles=[Role.MENTOR])
        actions.open_colleagues_course(course, colleague, "Vikar i uge 20")
        assert not sees(colleague, other_course)
        assert not sees(other_colleague, course)


class TestFormerHolder:
    @pytest.fixture
    def former_mentor(self, course, wednesday):
        """Was mentor of the course until yesterday, and still works in the project."""
        user = UserFactory(project=course.project, roles=[Role.MENTOR])
        course.holdings.filter(function="mentor").delete()
        FunctionHolding.objects.create(
            course=course, function="mentor", user=user, from_on=course.started_on, until_on=wednesday - DAY
        )
        return user

    def test_the_last_day_belongs_to_the_holder(self, former_mentor, course, wednesday):
        with time_machine.travel(at(wednesday - DAY, 23, 59), tick=False):
            assert "cases.register_contact" in permissions_on(former_mentor, course)
        assert not sees(former_mentor, course)

    def test_a_reason_gives_no_right_to_work_on_it(self, as_user, former_mentor, course):
        actions.open_colleagues_course(course, former_mentor, "Overlevering")
        assert permissions_on(former_mentor, course) == READER
        client = as_user(former_mentor)
        assert client.get(course_url(course)).status_code == 200
        assert client.get(course_url(course, "cases:new_contact")).status_code == 403
        assert client.post(course_url(course, "cases:contact_today")).status_code == 403
        assert not course.contacts.exists()

    def test_a_function_that_begins_tomorrow_gives_none_today(self, course, wednesday):
        successor = UserFactory(project=course.project, roles=[Role.MENTOR])
        actions.assign_function(course, function="mentor", user=successor, from_on=wednesday + DAY)
        assert (sees(successor, course), permissions_on(successor, course)) == (False, READER)
        with time_machine.travel(at(wednesday + DAY, 0), tick=False):
            assert sees(successor, course)
            assert "cases.register_contact" in permissions_on(successor, course)


class TestLeaderElsewhere:
    @pytest.fixture
    def leader_elsewhere(self, course):
        """Leads another project, and is a mentor in this one, of another course."""
        user = UserFactory(project=ProjectFactory(), roles=[Role.PROJECT_LEADER])
        Membership.objects.create(user=user, project=course.project, role=Role.MENTOR)
        return user

    def test_leads_nothing_in_the_project_of_the_mentor(self, as_user, leader_elsewhere, course, holder):
        assert not sees(leader_elsewhere, course)
        client = as_user(leader_elsewhere)
        assert client.get(course_url(course, "cases:access_log")).status_code == 404
        for name, argument in [
            ("cases:hand_over", holder.public_id),
            ("cases:default_team", course.project.slug),
            ("grants:project", course.project.slug),
            ("grants:submit", course.project.slug),
        ]:
            assert client.get(reverse(name, args=[argument])).status_code == 404, name

    def test_with_a_reason_reads_and_does_no_more(self, as_user, leader_elsewhere, course):
        actions.open_colleagues_course(course, leader_elsewhere, "Vikar i uge 20")
        assert permissions_on(leader_elsewhere, course) == READER
        client = as_user(leader_elsewhere)
        assert client.get(course_url(course)).status_code == 200
        for name in ("cases:access_log", "cases:end", "cases:book_meeting", "cases:start_team"):
            assert client.get(course_url(course, name)).status_code == 403, name

    def test_the_lists_of_a_leader_have_the_led_project_alone(
        self, as_user, leader_elsewhere, course, colleague
    ):
        actions.open_colleagues_course(course, colleague, "Mette er syg")
        client = as_user(leader_elsewhere)
        assert "Mette er syg" not in client.get(reverse("cases:openings")).content.decode()
        assert colleague.name not in client.get(reverse("cases:people")).content.decode()
        assert course.citizen_name not in client.get(reverse("cases:courses")).content.decode()
