"""The gaps of courses (D22): the list, the command `gaps`, and the course page count alike."""

import datetime
import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from audit.models import AccessOutcome, AccessRecord
from cases import actions, extension_points
from cases.gaps import find_gaps, gap_days, with_filled_days
from cases.models import Course, FunctionHolding
from jobfirst.values.dates import DAY
from plans.models import ActivityLine
from tests.factories import DRAWN_ON, CourseFactory, PlacementFactory, ProjectFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

WEDNESDAY = datetime.date(2016, 5, 18)


def add_activity(course, first, last):
    return ActivityLine.objects.create(
        course=course, kind="visit", what="Besøg", who="Mentor", starts_on=first, ends_on=last
    )


def gaps_of(course, on=WEDNESDAY):
    """The first day, last day and number of working days of each gap."""
    courses = with_filled_days(Course.objects.filter(pk=course.pk))
    return [(gap.first, gap.last, gap.working_days) for gap in find_gaps(courses, on)]


def printed_gaps(capsys, *arguments):
    call_command("gaps", *arguments)
    return json.loads(capsys.readouterr().out)


def list_of(client, **query):
    return client.get(reverse("cases:gaps"), query).content.decode()


# The computation


def test_a_gap_begins_behind_and_goes_on_two_weeks_ahead(course):
    add_activity(course, course.started_on, WEDNESDAY - 3 * DAY)
    (gap,) = find_gaps(with_filled_days(Course.objects.all()), WEDNESDAY)
    assert (gap.first, gap.last) == (WEDNESDAY - DAY, WEDNESDAY + 14 * DAY)  # after Whit Monday
    assert (gap.is_behind, gap.is_ahead) == (True, True)


def test_a_gap_so_far_stops_before_the_day(course):
    add_activity(course, course.started_on, WEDNESDAY - 3 * DAY)
    (gap,) = find_gaps(with_filled_days(Course.objects.all()), WEDNESDAY + DAY)
    part = gap.so_far()
    assert (part.first, part.last, part.working_days) == (WEDNESDAY - DAY, WEDNESDAY, 2)
    assert part.is_ahead, "it goes on"


def test_a_gap_over_a_weekend_so_far_ends_on_friday(course):
    (gap,) = find_gaps(with_filled_days(Course.objects.all()), course.started_on + 7 * DAY)
    assert (gap.so_far().last, gap.so_far().working_days) == (course.started_on + 4 * DAY, 5)


def test_a_course_that_starts_today_has_no_gap_so_far(course, as_user, holder):
    today = course.started_on
    (gap,) = find_gaps(with_filled_days(Course.objects.all()), today)
    assert (gap.is_behind, gap.is_ahead) == (False, True)
    bars = extension_points.bars_of(with_filled_days(Course.objects.all()).get())
    assert [gap_days(course, bars, day) for day in (today, today + DAY)] == [0, 1]


def test_activities_placements_and_pauses_fill_days(course, holder):
    monday = course.started_on
    add_activity(course, monday, monday + 4 * DAY)
    PlacementFactory(
        course=course, kind="sniffing", starts_on=monday + 7 * DAY, planned_end_on=monday + 11 * DAY
    )
    pause = actions.PauseData("illness", monday + 14 * DAY, monday + 18 * DAY, "", [])
    actions.record_pause(course, pause, by=holder)
    PlacementFactory(course=course, starts_on=monday + 21 * DAY, planned_end_on=monday + 100 * DAY)
    assert gaps_of(course) == []


def test_weekends_and_public_holidays_are_no_gaps(course):
    """1 May 2016 is a Sunday, Thursday 5 May Ascension Day, 16 May Whit Monday."""
    add_activity(course, course.started_on, datetime.date(2016, 5, 4))
    add_activity(course, datetime.date(2016, 5, 6), datetime.date(2016, 5, 13))
    add_activity(course, datetime.date(2016, 5, 17), WEDNESDAY + 20 * DAY)
    assert gaps_of(course) == []


def test_at_the_turn_of_the_year_only_the_public_holidays_are_free(course):
    """24 and 31 December are working days; 25 and 26 December and 1 January are none."""
    add_activity(course, course.started_on, datetime.date(2016, 12, 22))
    PlacementFactory(
        course=course,
        kind="ordinary_employment",
        starts_on=datetime.date(2017, 1, 3),
        planned_end_on=None,
    )
    # 23, 27-30 December and 2 January
    expected = (datetime.date(2016, 12, 23), datetime.date(2017, 1, 2), 6)
    assert gaps_of(course, datetime.date(2017, 1, 10)) == [expected]


def test_nothing_is_a_gap_after_the_end_of_the_course(course):
    Course.objects.filter(pk=course.pk).update(ended_on=course.started_on + 7 * DAY, end_reason="moved")
    assert gaps_of(course) == [(course.started_on, course.started_on + 4 * DAY, 5)]


def test_the_gaps_of_a_day_in_the_past_end_two_weeks_after_it_although_the_course_ended_later(course):
    Course.objects.filter(pk=course.pk).update(ended_on=WEDNESDAY, end_reason="moved")
    on = course.started_on + DAY
    assert gaps_of(course, on) == [(course.started_on, on + 14 * DAY, 12)]


# The command


def test_the_command_prints_the_gaps_of_every_course_that_has_begun(course, capsys):
    add_activity(course, course.started_on, WEDNESDAY - DAY)
    CourseFactory(started_on=WEDNESDAY + DAY)
    document = printed_gaps(capsys, "--on", "2016-05-18", "--format", "json")
    assert document == {
        "on": "2016-05-18",
        "gaps": [
            {
                "course": str(course.public_id),
                "citizen": course.citizen.pseudonym,
                "first": "2016-05-18",
                "last": "2016-06-01",
                "working_days": 11,
                "behind": False,
                "ahead": True,
            }
        ],
    }
    record = AccessRecord.objects.get(action="gaps.command", outcome=AccessOutcome.SHOWN)
    assert record.citizens == [course.citizen.public_id]


def test_the_command_takes_one_project(course, project, capsys):
    other = CourseFactory()
    document = printed_gaps(capsys, "--project", other.project.slug)
    assert {gap["course"] for gap in document["gaps"]} == {str(other.public_id)}


@pytest.mark.parametrize("arguments", [("--on", "18.05.2016"), ("--project", "nowhere")])
def test_the_command_refuses_an_unreadable_day_and_an_unknown_project(db, arguments):
    with pytest.raises(CommandError):
        call_command("gaps", *arguments)


def test_the_command_keeps_to_a_few_queries(project, capsys, django_assert_max_num_queries):
    for _ in range(12):
        add_activity(CourseFactory(project_for=project), DRAWN_ON, DRAWN_ON)
    with django_assert_max_num_queries(5):
        printed_gaps(capsys)


# The list


def test_a_function_holder_sees_the_gaps_of_own_running_courses(as_user, holder, course, project):
    CourseFactory(project_for=project, referral__name="Testborger Fremmed")
    CourseFactory(
        project_for=project,
        holders=holder,
        referral__name="Testborger Slut",
        ended_on=WEDNESDAY - DAY,
        end_reason="moved",
    )
    page = list_of(as_user(holder))
    assert "Testborger Ågesen" in page
    assert "Fremmed" not in page
    assert "Slut" not in page
    record = AccessRecord.objects.get(action="gaps", outcome=AccessOutcome.SHOWN)
    assert record.citizens == [course.citizen.public_id]


def test_a_leader_sees_the_whole_project_and_no_other(as_user, leader, stranger, course):
    assert "Testborger Ågesen" in list_of(as_user(leader))
    assert "Testborger Ågesen" in list_of(as_user(leader), project=course.project.slug)
    page = list_of(as_user(stranger))
    assert "Ågesen" not in page
    assert "Hver arbejdsdag er fyldt ud" in page
    assert as_user(stranger).get(reverse("cases:gaps"), {"project": course.project.slug}).status_code == 404


def test_the_list_names_who_acts_as_job_consultant(as_user, leader, holder, course):
    assert "Mette Mentor" in list_of(as_user(leader))


def test_the_list_is_sorted_by_first_day_and_divided_into_behind_and_ahead(as_user, leader, course, project):
    add_activity(course, course.started_on, WEDNESDAY + 4 * DAY)
    behind = CourseFactory(project_for=project, referral__name="Testborger Bagud")
    add_activity(behind, behind.started_on + DAY, WEDNESDAY + 20 * DAY)
    client = as_user(leader)
    page = list_of(client)
    assert page.index("Testborger Bagud") < page.index("Testborger Ågesen")
    assert "Ågesen" not in list_of(client, when="behind")
    assert "Bagud" not in list_of(client, when="ahead")


def test_each_gap_offers_what_closes_it_with_its_first_day(as_user, holder, course):
    add_activity(course, course.started_on, WEDNESDAY - DAY)
    page = list_of(as_user(holder))
    for name in ("plans:new_activity", "companies:new_placement", "cases:new_pause"):
        assert f'{reverse(name, args=[course.public_id])}?from=2016-05-18"' in page
        query = {"from": "2016-05-18", "kind": "sniffing"}  # a placement asks for its kind first
        form = as_user(holder).get(reverse(name, args=[course.public_id]), query)
        assert 'value="2016-05-18"' in form.content.decode()


def test_a_mentor_is_not_offered_what_a_mentor_may_not_do(as_user, project):
    mentor = UserFactory(project=project, roles=["mentor"])
    course = CourseFactory(project_for=project)
    FunctionHolding.objects.create(course=course, function="mentor", user=mentor, from_on=DRAWN_ON)
    page = list_of(as_user(mentor))
    assert reverse("plans:new_activity", args=[course.public_id]) in page
    assert reverse("companies:new_placement", args=[course.public_id]) not in page


@pytest.mark.parametrize("count", [3, 60])
def test_the_list_keeps_to_eight_queries(as_user, leader, project, django_assert_max_num_queries, count):
    for number in range(count):
        course = CourseFactory(project_for=project)
        add_activity(course, course.started_on, course.started_on + number * DAY)
        PlacementFactory(
            course=course,
            kind="sniffing",
            starts_on=course.started_on + 70 * DAY,
            planned_end_on=course.started_on + 74 * DAY,
        )
    client = as_user(leader)
    with django_assert_max_num_queries(8):
        page = list_of(client)
    assert page.count('data-title="Borger"') == min(count, 25)


def test_a_leader_of_two_projects_chooses_one(as_user, leader, course):
    other = ProjectFactory()
    leader.memberships.create(project=other, role="project_leader")
    CourseFactory(project_for=other, referral__name="Testborger Anden")
    client = as_user(leader)
    both = list_of(client)
    assert "Anden" in both
    assert "Ågesen" in both
    assert "Ågesen" not in list_of(client, project=other.slug)


def test_the_dashboard_leads_to_the_gaps_of_its_project(as_user, leader, course):
    page = as_user(leader).get(reverse("evaluation:dashboard")).content.decode()
    assert f"{reverse('cases:gaps')}?project={course.project.slug}" in page
