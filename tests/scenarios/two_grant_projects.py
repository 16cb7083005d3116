"""Two projects with grant events: two starts and one completion in Aalborg, one start in Aarhus."""

from dataclasses import dataclass
from datetime import date

from accounts.models import Project, User
from accounts.roles import Role
from cases.models import Course
from tests.factories import CourseFactory, PlacementFactory, ProjectFactory, UserFactory

#: The internships that only start end before the 91st day.
SHORT_END = date(2016, 5, 1)


@dataclass
class TwoGrantProjects:
    """The projects, their courses, and the people who see them.

    `completed` and `started` are courses of Aalborg, named after what they have earned by the end of 2016;
    `aarhus_course` is the started course of Aarhus. `leader` and `mentor` belong to Aalborg.
    """

    aalborg: Project
    aarhus: Project
    completed: Course
    started: Course
    aarhus_course: Course
    agency: User
    approver: User
    leader: User
    mentor: User


def two_grant_projects() -> TwoGrantProjects:
    """Create the scenario. The name of Aalborg begins like a formula."""
    aalborg = ProjectFactory(slug="aalborg", name="=Aalborg")
    aarhus = ProjectFactory(slug="aarhus", name="Aarhus")
    return TwoGrantProjects(
        aalborg=aalborg,
        aarhus=aarhus,
        completed=PlacementFactory(course=CourseFactory(project_for=aalborg)).course,
        started=PlacementFactory(course=CourseFactory(project_for=aalborg), planned_end_on=SHORT_END).course,
        aarhus_course=PlacementFactory(
            course=CourseFactory(project_for=aarhus), planned_end_on=SHORT_END
        ).course,
        agency=UserFactory(roles=[Role.AGENCY], name="Anne Agent"),
        approver=UserFactory(roles=[Role.AGENCY], name="Bo Agent"),
        leader=UserFactory(project=aalborg, roles=[Role.PROJECT_LEADER]),
        mentor=UserFactory(project=aalborg, roles=[Role.MENTOR]),
    )


def course_bridging_a_weekend(project: Project) -> Course:
    """Create a course whose completion bridges 9 and 10 April, with a spell that earns nothing.

    Its explanation has every kind of content there is.
    """
    course = CourseFactory(project_for=project)
    before = PlacementFactory(course=course, planned_end_on=date(2016, 4, 8))
    PlacementFactory(
        course=course, company=before.company, starts_on=date(2016, 4, 11), planned_end_on=date(2016, 8, 1)
    )
    PlacementFactory(course=course, kind="sniffing", starts_on=date(2016, 9, 1))
    return course
