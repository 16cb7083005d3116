"""The leader's dashboard: the figures, what needs attention, who may see it, how many queries it takes."""

import datetime
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import TrialTerms
from accounts.roles import Role
from audit.models import AccessRecord
from cases.models import FunctionHolding
from evaluation.monday.concerns import as_concerns, project_concerns
from jobfirst.values.dates import DAY
from reminders import deadlines
from tests.factories import (
    DRAWN_ON,
    CourseFactory,
    FollowUpMeetingFactory,
    MeetingDecisionFactory,
    MentorContactFactory,
    PlacementFactory,
    PlanForJobFactory,
    ProjectFactory,
    ReferralFactory,
    UserFactory,
)

ON = DRAWN_ON + 21 * DAY  # a Monday, three weeks after the draw


@pytest.fixture
def project(db):
    return ProjectFactory()


@pytest.fixture
def leader(project):
    return UserFactory(project=project, roles=[Role.PROJECT_LEADER])


@pytest.fixture
def mentor(project):
    return UserFactory(project=project, roles=[Role.MENTOR], name="Mentor Et")


def concerns_of(project, on=ON):
    """The kind and the due day of every concern; test data are written past the actions."""
    deadlines.recompute()
    return [(deadline.kind, deadline.due) for deadline in project_concerns(project, on)]


def find_concerns(project, on):
    """The concerns as the leader sees them."""
    deadlines.recompute()
    return as_concerns(project_concerns(project, on), on)


def test_a_course_in_good_order_is_no_concern(project, mentor):
    course = CourseFactory(project_for=project, holders=mentor)
    for week in range(3):
        MentorContactFactory(course=course, held_on=DRAWN_ON + week * 7 * DAY)
    assert concerns_of(project) == []


def test_each_unfilled_function_is_named(project, mentor):
    course = CourseFactory(project_for=project, holders=mentor)
    FunctionHolding.objects.filter(course=course, function="mentor").update(until_on=ON - DAY)
    for week in range(3):
        MentorContactFactory(course=course, held_on=DRAWN_ON + week * 7 * DAY)
    assert concerns_of(project) == [("function_unfilled", ON)]
    (concern,) = find_concerns(project, ON)
    assert concern.course_id == course.public_id
    assert concern.person == "Mentor"


def test_the_first_missed_week_since_the_last_contact(project, mentor):
    course = CourseFactory(project_for=project, holders=mentor)
    MentorContactFactory(course=course, held_on=DRAWN_ON)
    (concern,) = find_concerns(project, ON)
    assert concerns_of(project) == [("weekly_contact_overdue", DRAWN_ON + 13 * DAY)]
    assert concern.person == "Mentor Et"


def test_an_attempt_without_the_citizen_is_no_contact(project, mentor):
    course = CourseFactory(project_for=project, holders=mentor)
    MentorContactFactory(course=course, held_on=DRAWN_ON + 14 * DAY, citizen_present=False)
    assert ("weekly_contact_overdue", DRAWN_ON + 6 * DAY) in concerns_of(project)


@pytest.mark.parametrize(("days", "overdue"), [(31, False), (32, True)])
def test_a_meeting_is_overdue_from_the_day_after(project, mentor, days, overdue):
    course = CourseFactory(project_for=project, holders=mentor)
    on = DRAWN_ON + days * DAY
    MentorContactFactory(course=course, held_on=on - 3 * DAY)
    assert (("meeting_overdue", DRAWN_ON + 31 * DAY) in concerns_of(project, on)) is overdue
    FollowUpMeetingFactory(course=course, held=True, held_on=on)
    assert "meeting_overdue" not in dict(concerns_of(project, on))


@pytest.mark.parametrize(("days", "is_concern"), [(14, False), (15, True)])
def test_an_overdue_promise_of_a_meeting_is_a_concern_from_the_day_after(project, mentor, days, is_concern):
    course = CourseFactory(project_for=project, holders=mentor)
    MeetingDecisionFactory(course=course, function="citizen", due_on=DRAWN_ON + 14 * DAY)
    on = DRAWN_ON + days * DAY
    concerns = dict(concerns_of(project, on))
    assert ("promise_due_mentor" in concerns) is is_concern
    if is_concern:
        assert {concern.person for concern in find_concerns(project, on)} == {"Mentor Et"}


def test_the_overdue_promises_of_all_functions_stand_under_one_chip(client, project, mentor, leader):
    course = CourseFactory(project_for=project, holders=mentor)
    for function in ("citizen", "course_owner"):
        MeetingDecisionFactory(course=course, function=function, due_on=DRAWN_ON + 2 * DAY)
    deadlines.recompute()
    client.force_login(leader)
    with time_machine.travel(ON):
        page = client.get("/overblik/", {"kind": "promise_overdue"}).content.decode()
    assert "En aftale fra et møde er ikke holdt (2)" in page
    assert "Aftale fra et møde (forløbsansvarlig)" in page
    assert "Ugentlig kontakt" not in page[page.index('id="results"') :]


def test_a_plan_is_due_by_the_end_of_the_first_weeks_and_stays_until_it_is_made(project, mentor):
    last = DRAWN_ON + 90 * DAY
    course = CourseFactory(
        project_for=project,
        holders=mentor,
        internship_from=DRAWN_ON,
        continued_from=last + DAY,
        retention_until=last + DAY,
    )
    assert "plan_for_job_due" not in dict(concerns_of(project, last - 15 * DAY))
    for on in (last - 14 * DAY, last, last + 30 * DAY):
        assert dict(concerns_of(project, on))["plan_for_job_due"] == last
    PlanForJobFactory(course=course, made_on=last + 20 * DAY)
    assert "plan_for_job_due" not in dict(concerns_of(project, last + 30 * DAY))


def test_an_internship_that_ends_within_14_days(project, mentor):
    course = CourseFactory(project_for=project, holders=mentor)
    placement = PlacementFactory(course=course)
    last = placement.planned_end_on
    assert "agreement_ending" not in dict(concerns_of(project, last - 15 * DAY))
    assert dict(concerns_of(project, last - 14 * DAY))["agreement_ending"] == last
    placement.ended_on = last
    placement.save()
    assert "agreement_ending" not in dict(concerns_of(project, last - 14 * DAY))


def test_the_days_before_an_internships_end_are_a_term(project, mentor):
    course = CourseFactory(project_for=project, holders=mentor)
    last = PlacementFactory(course=course).planned_end_on
    TrialTerms.objects.create(valid_from=last - 20 * DAY, agreement_lead_days=3)
    assert "agreement_ending" not in dict(concerns_of(project, last - 4 * DAY))
    assert dict(concerns_of(project, last - 3 * DAY))["agreement_ending"] == last


def test_an_ended_course_is_no_concern(project):
    CourseFactory(project_for=project, ended_on=ON, end_reason="moved")
    assert concerns_of(project) == []


@time_machine.travel(datetime.datetime(2016, 4, 25, 8, tzinfo=datetime.UTC), tick=False)
def test_the_enrolment_and_the_phases(client, project, leader):
    CourseFactory(project_for=project)
    ReferralFactory(project=project)
    ReferralFactory(project=project, state="refused", reasons=["under_30"])
    client.force_login(leader)
    page = " ".join(re.sub(r"<[^>]*>", " ", client.get("/overblik/").content.decode()).split())
    assert "Venter på lodtrækning 2" in page  # nobody has been through the draw here
    assert "Ikke i målgruppen 1" in page
    assert "Sidste dag for optag 01.03.2017" in page
    assert "Snuseperiode 1" in page


@time_machine.travel(datetime.datetime(2016, 4, 25, 8, tzinfo=datetime.UTC), tick=False)
def test_the_leader_sees_names_and_that_is_recorded(client, project, leader):
    course = CourseFactory(project_for=project)
    deadlines.recompute()
    client.force_login(leader)
    response = client.get("/overblik/")
    assert course.citizen_name in response.content.decode()
    record = AccessRecord.objects.get(action="dashboard")
    assert record.citizens == [course.citizen.public_id]


def test_others_do_not_see_it(client, project, mentor):
    client.force_login(mentor)
    assert client.get("/overblik/").status_code == 403


def test_another_leaders_project_is_not_there(client, leader):
    other = ProjectFactory()
    client.force_login(leader)
    assert client.get("/overblik/", {"project": other.slug}).status_code == 404
    assert client.get("/overblik/", {"project": "no-such"}).status_code == 404


def test_the_queries_do_not_grow_with_the_courses(client, project, leader):
    def queries() -> int:
        deadlines.recompute()
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/overblik/").status_code == 200
        return len(captured)

    client.force_login(leader)
    CourseFactory(project_for=project)
    few = queries()
    for _ in range(12):
        CourseFactory(project_for=project)
    assert queries() == few <= 12
