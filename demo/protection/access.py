"""Who has seen the demo's citizens, and the colleagues' openings with their reasons."""

from collections.abc import Sequence

from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from audit.models import AccessOutcome, AccessRecord
from cases.models import ColleagueOpening, Course, CourseFunction, FunctionHolding
from demo.people.teams import Team

#: The citizens of a project of whom it is recorded, and those whose courses a colleague opened.
SEEN, OPENED = 12, 3
#: The pages that the holder of each function has seen.
PAGES = {
    CourseFunction.MENTOR: ("course", "course.contact", "course.citizen_contact"),
    CourseFunction.COURSE_OWNER: ("course", "course.meeting", "course.goals"),
    CourseFunction.JOB_CONSULTANT: ("course", "course.placement", "course.cv"),
    CourseFunction.COORDINATING_CASEWORKER: ("referral", "course", "course.needs"),
}
REASONS = (
    "Mentoren er syg, og borgeren ringede for at høre om mødetiden.",
    "Borgeren kom uanmeldt i receptionen og ville tale om sin praktik.",
    "Forbereder overdragelse af forløbet efter aftale med projektlederen.",
)


def add_access(teams: Sequence[Team]) -> None:
    """Record what holders of functions saw, what colleagues opened, and what was refused."""
    records: list[AccessRecord] = []
    openings: list[ColleagueOpening] = []
    for team in teams:
        courses = Course.objects.filter(project=team.project, ended_on=None)
        chosen = list(courses.select_related("citizen").order_by("referral__public_id")[:SEEN])
        holders = _holders(chosen)
        records += _seen(chosen, holders)
        for course, reason in zip(chosen[:OPENED], REASONS, strict=False):
            colleague = _colleague(team, holders.get(course.pk, {}))
            if colleague is not None:
                openings.append(
                    ColleagueOpening(course=course, user=colleague, reason=reason, ends_at=timezone.now())
                )
                records += _opened(course, colleague, reason)
    AccessRecord.objects.bulk_create(records)
    ColleagueOpening.objects.bulk_create(openings)


def _holders(courses: list[Course]) -> dict[int, dict[str, User]]:
    """Return who holds each function now, by course and function."""
    holders: dict[int, dict[str, User]] = {}
    rows = FunctionHolding.objects.filter(course__in=courses, until_on=None).select_related("user")
    for row in rows.order_by("pk"):
        holders.setdefault(row.course_id, {})[row.function] = row.user
    return holders


def _seen(courses: list[Course], holders: dict[int, dict[str, User]]) -> list[AccessRecord]:
    return [
        AccessRecord(
            user=user, action=action, outcome=AccessOutcome.SHOWN, citizens=[course.citizen.public_id]
        )
        for course in courses
        for function, user in sorted(holders.get(course.pk, {}).items())
        for action in PAGES.get(CourseFunction(function), ())
    ]


def _colleague(team: Team, holders: dict[str, User]) -> User | None:
    """Return a mentor of the project who has nothing to do with the course."""
    involved = {user.pk for user in holders.values()}
    return next((user for user in reversed(team.staff[Role.MENTOR]) if user.pk not in involved), None)


def _opened(course: Course, colleague: User, reason: str) -> list[AccessRecord]:
    """Return the records of a refusal, and of the opening that followed it."""
    subject = [course.citizen.public_id]
    return [
        AccessRecord(user=colleague, action="course", outcome=AccessOutcome.REFUSED, citizens=subject),
        AccessRecord(
            user=colleague, action="course.open", outcome=AccessOutcome.SHOWN, citizens=subject, reason=reason
        ),
        AccessRecord(user=colleague, action="course", outcome=AccessOutcome.SHOWN, citizens=subject),
    ]
