"""The overview of a course: the next deadlines, what the next phase lacks, the timeline's place."""

import re

import pytest
from django.urls import reverse

from cases import actions
from cases.extension_points import requirements
from cases.models import JobGoal
from jobfirst.values.dates import DAY
from reminders import deadlines
from tests.factories import DRAWN_ON, CourseFactory, MatchFactory, MentorContactFactory, PlacementFactory
from tests.scenarios.progression_answers import imported_sheet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


def section(client, course, key):
    """Return the HTML of a section of the overview."""
    page = client.get(reverse("cases:course", args=[course.public_id])).content.decode()
    return page[page.index(f'id="{key}"') :].split("</section>")[0]


def links(html):
    return re.findall(r'<a href="([^"]+)"', html)


def test_the_heading_tells_phase_day_and_municipality(as_user, holder, course):
    page = as_user(holder).get(reverse("cases:course", args=[course.public_id])).content.decode()
    intro = page[page.index('class="jf-intro"') :].split("</p>")[0]
    for words in ("Snuseperiode", "dag 45", course.municipality.name):
        assert words in intro


def test_three_deadlines_stand_first_and_what_else_is_due_behind_them(as_user, leader, project):
    course = CourseFactory(project_for=project)
    deadlines.recompute()
    html = section(as_user(leader), course, "deadlines")
    first, more = html.split("<details")
    assert first.count("<li>") == 3
    assert "Frist overskredet" in first
    assert more.count("<li>") >= 1
    assert "Ugentlig kontakt" not in html, "it is overdue already"


def test_what_is_not_due_yet_is_foreseen_by_its_own_name(as_user, holder, course, wednesday):
    for week in range(7):
        MentorContactFactory(course=course, held_on=DRAWN_ON + 7 * week * DAY)
    MentorContactFactory(course=course, held_on=wednesday)
    imported_sheet(course, wednesday, rater="citizen")
    deadlines.recompute()
    html = section(as_user(holder), course, "deadlines")
    assert html.count("Ugentlig kontakt med borgeren") == 1
    assert "Den ugentlige kontakt mangler" not in html


def test_a_sniffing_course_lacks_what_the_internship_needs_with_the_page_that_mends_it(
    as_user, holder, course
):
    html = section(as_user(holder), course, "next-phase")
    match = reverse("companies:new_match", args=[course.public_id])
    assert links(html) == [reverse("cases:goals", args=[course.public_id]), match, match, match]
    JobGoal.objects.create(course=course, number=1, functions="Lager", set_on=DRAWN_ON)
    MatchFactory(course=course)
    html = section(as_user(holder), course, "next-phase")
    internship = reverse("companies:new_placement", args=[course.public_id]) + "?kind=internship"
    assert links(html) == [internship, internship]


def test_an_internship_lacks_the_agreement_and_the_plan(as_user, holder, project):
    course = CourseFactory(
        project_for=project,
        holders=holder,
        internship_from=DRAWN_ON,
        continued_from=DRAWN_ON + 91 * DAY,
        retention_until=DRAWN_ON + 91 * DAY,
    )
    JobGoal.objects.create(course=course, number=1, functions="Lager", set_on=DRAWN_ON)
    internship = PlacementFactory(course=course)
    html = section(as_user(holder), course, "next-phase")
    assert links(html) == [
        reverse("companies:agreement", args=[internship.public_id]),
        f"/forloeb/{course.public_id}/plan/#plan",
    ]


def test_who_may_not_mend_it_reads_it_without_a_link(as_user, colleague, course):
    actions.open_colleagues_course(course, colleague, "Vikar i uge 20")
    html = section(as_user(colleague), course, "next-phase")
    assert html.count("Mangler") == 1 + len([r for r in requirements() if r.phase == "internship"])
    assert links(html) == []


def test_the_continued_effort_and_an_ended_course_have_no_next_phase(as_user, holder, project):
    course = CourseFactory(project_for=project, holders=holder, ended_on=DRAWN_ON, end_reason="moved")
    page = as_user(holder).get(reverse("cases:course", args=[course.public_id])).content.decode()
    assert 'id="next-phase"' not in page
    assert 'id="deadlines"' not in page
