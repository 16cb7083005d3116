"""What was wrong and is mended in the demo: a name, a CPR number, a referral, an end (D39-D41).

One of each in a project; the rows are chosen in a fixed order, without random numbers.
"""

import datetime

from accounts.roles import Role
from cases.actions import citizen_numbers, correct_end, end_course, referral_corrections, reopen_course
from cases.models import Citizen, Course, CourseFunction, Referral, ReferralState
from demo.companies.companies import CONTACTS_FROM
from demo.invented import is_impossible
from demo.names import FIRST_NAMES, person_name
from demo.people.teams import Team
from jobfirst.values.dates import DAY


def add_case_corrections(team: Team, on: datetime.date) -> None:
    """Let the project's staff correct what was stated or ended wrongly."""
    caseworker = team.staff[CourseFunction.COORDINATING_CASEWORKER][0]
    courses = list(
        Course.objects.filter(project=team.project)
        .select_related("referral", "citizen")
        .order_by("referral__public_id")
    )
    if courses:
        referral = courses[0].referral
        name = _name_by_marriage(referral.name)
        referral_corrections.correct_name(
            referral, name=name, reason="Borgeren er blevet gift og har fået nyt efternavn.", by=caseworker
        )
        citizen_numbers.replace_number(
            courses[-1].referral,
            digits=_free_number(courses[-1].citizen.cpr),
            reason="Borgeren har fået nyt CPR-nummer fra folkeregistret.",
            by=caseworker,
        )
    refused = Referral.objects.filter(project=team.project, state=ReferralState.REFUSED).order_by("public_id")
    if (mistaken := refused.first()) is not None:
        reason = "Borgeren blev henvist ved en fejl; det var en anden med samme navn."
        referral_corrections.withdraw_referral(mistaken, reason=reason, by=caseworker)
    _mend_ends([course for course in courses if course.started_on + 14 * DAY < on], team, on)


def _mend_ends(courses: list[Course], team: Team, on: datetime.date) -> None:
    """Reopen a running course after an end by mistake, and complete the end of one that has ended."""
    leader = team.staff[Role.PROJECT_LEADER][0]
    running = [course for course in courses if course.ended_on is None]
    ended = [course for course in courses if course.ended_on is not None]
    if running:
        end_course(running[0], ended_on=on, reason="withdrew", by=leader)
        reopen_course(running[0], why="Det var en anden borger, der trak sig.", by=leader)
    if ended:
        course = ended[0]
        assert course.ended_on is not None  # of an ended course
        correct_end(
            course,
            ended_on=course.ended_on,
            reason=course.end_reason,
            outcome=f"{course.outcome} Borgeren følges op efter tre måneder.".strip(),
            why="Aftalen om opfølgning manglede.",
            by=leader,
        )


def _name_by_marriage(name: str) -> str:
    """Return the same first name with another invented surname; nobody in the demo has this name.

    Its number is one of the last before those of the contacts, far above those of the staff.
    """
    first_name = name.split(maxsplit=1)[0]
    numbers = range(CONTACTS_FROM - len(FIRST_NAMES), CONTACTS_FROM)
    return next(other for other in map(person_name, numbers) if other.startswith(f"{first_name} "))


def _free_number(digits: str) -> str:
    """Return a number with the same birth date that was never issued and that no citizen of the demo has."""
    for step in range(1, 4000):
        number = f"{digits[:6]}{(int(digits[6:]) + step) % 4000:04d}"
        if is_impossible(number) and not Citizen.objects.with_cpr(number).exists():
            return number
    raise LookupError("no number is free on this birth date")
