"""Fills an empty system with a synthetic trial of so many citizens, by COPY: `python -m bench.fill 20000`.

The people and the histories of their courses are the demo's. They are written without the database's
triggers, so nothing of them stands in the history, and nobody is drawn: every other eligible referral gets a
course. The staff grows with the citizens: a mentor of a larger trial has no more of them. What follows from
these rows (deadlines) is reckoned in the end.
"""

import datetime
import itertools
import os
import random
import sys
from collections.abc import Sequence

import devservices
from devservices.upgrade import bring_up_to_date

devservices.ensure()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobfirst.settings")
bring_up_to_date()

import django  # noqa: E402

django.setup()

from django.db import models, transaction  # noqa: E402
from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: E402

from accounts.models import Municipality, TrialTerms, User  # noqa: E402
from accounts.roles import Role  # noqa: E402
from cases.models import Citizen, Course, CourseFunction, FunctionHolding, Referral  # noqa: E402
from companies.annex.questions import annex_on  # noqa: E402
from companies.models import AgreementState, WorkAgreement  # noqa: E402
from demo.companies.companies import demo_companies  # noqa: E402
from demo.courses.history import ORDER, CourseHistory  # noqa: E402
from demo.invented import impossible_cprs  # noqa: E402
from demo.money import enter_award  # noqa: E402
from demo.names import person_name  # noqa: E402
from demo.people.citizens import demo_citizen  # noqa: E402
from demo.people.teams import Team, demo_projects, demo_teams  # noqa: E402
from demo.trial import CITIZENS_FROM, answer, demo_referral  # noqa: E402
from jobfirst import clock  # noqa: E402
from jobfirst.database.bulk_copy import copy_rows  # noqa: E402
from jobfirst.database.owner import as_owner  # noqa: E402
from jobfirst.row_security.context import all_projects  # noqa: E402
from jobfirst.stored import checks as stored_checks  # noqa: E402
from jobfirst.values.dates import DAY  # noqa: E402


@all_projects("the whole trial is measured")
def fill(citizens: int) -> None:
    """Fill the system, unless it holds citizens already."""
    if Citizen.objects.exists():
        return
    on = clock.today()
    rng = random.Random(citizens)
    with as_owner() as connection, transaction.atomic():
        teams = demo_teams(demo_projects(on), rng, "", people_per_seat=max(1, citizens // 600))
        clerk = User.objects.filter(memberships__role=Role.AGENCY).earliest("email")
        for team in teams:
            enter_award(team, clerk)
        referrals = demo_referrals(teams, rng, citizens, on)
        courses = demo_courses(referrals, on)
        histories = demo_histories(teams, courses, rng, on)
        copy(connection, [referral.citizen for referral in referrals])
        copy(connection, referrals)
        copy(connection, courses)
        for model in ORDER:
            copy(connection, [row for history in histories for row in history.rows[model]])
    for stored in stored_checks.registered_rows():
        stored.recompute()
    with as_owner() as connection, connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def demo_referrals(
    teams: Sequence[Team], rng: random.Random, count: int, on: datetime.date
) -> list[Referral]:
    """Return unsaved referrals of as many citizens, answered."""
    terms = TrialTerms.objects.in_force_or_first(on)
    weights = [team.project.target_count for team in teams]
    referrals = []
    for number, (digits, born) in enumerate(itertools.islice(impossible_cprs(rng, on), count), start=1):
        team = rng.choices(teams, weights)[0]
        referral = demo_referral(
            rng, team, demo_citizen(rng, digits), person_name(CITIZENS_FROM + number), on
        )
        referrals.append(answer(referral, born, team.project, terms))
    return referrals


def demo_courses(referrals: Sequence[Referral], on: datetime.date) -> list[Course]:
    """Return an unsaved course for every other eligible referral, begun ten days after it."""
    eligible = [referral for referral in referrals if referral.state == "accepted"]
    municipalities = Municipality.objects.in_bulk()
    return [
        Course(
            citizen=referral.citizen,
            referral=referral,
            project=referral.project,
            municipality=municipalities[referral.municipality_code],
            started_on=min(referral.referred_on + 10 * DAY, on),
        )
        for referral in eligible[::2]
    ]


def demo_histories(
    teams: Sequence[Team], courses: Sequence[Course], rng: random.Random, on: datetime.date
) -> list[CourseHistory]:
    """Return the unsaved history of each course; its dates are set on the course."""
    team_of = {team.project.pk: team for team in teams}
    workplaces = {team.project.pk: demo_companies(rng, place, team, on) for place, team in enumerate(teams)}
    terms, annex = TrialTerms.objects.in_force_or_first(on), annex_on(on)
    histories = []
    for course in courses:
        team = team_of[course.project_id]
        history = CourseHistory(course, team, on, rng, workplaces[course.project_id], terms, annex)
        history.build()
        history.rows[FunctionHolding].append(
            FunctionHolding(
                course=course,
                function=CourseFunction.COORDINATING_CASEWORKER,
                user=course.referral.referred_by,
                from_on=course.started_on,
            )
        )
        for agreement in history.rows[WorkAgreement]:
            agreement.state = AgreementState.SIGNED
        histories.append(history)
    return histories


def copy(connection: BaseDatabaseWrapper, rows: Sequence[models.Model]) -> None:
    """Write unsaved rows of one model with one COPY, and give them their keys."""
    if not rows:
        return
    table = rows[0]._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        copy_rows(connection, cursor, rows)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table is altered while some wait
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


if __name__ == "__main__":
    fill(int(sys.argv[1]))
