"""Creates the demo: referrals, draws, each participant's history, and the money."""

import datetime
import random
import secrets
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Project, TrialTerms, User
from accounts.roles import Role
from cases.elements import stored as stored_elements
from cases.models import Citizen, Course, FollowUpMeeting, MeetingState, Referral
from cases.rules import eligibility
from companies.annex.questions import annex_on
from companies.models import Company
from demo.companies.companies import demo_companies, demo_cvr
from demo.companies.dialogues import add_dialogues
from demo.companies.take_overs import add_merge, add_take_over, add_undone_merge, add_workplace_merge
from demo.courses.answers import add_answers
from demo.courses.case_corrections import add_case_corrections
from demo.courses.corrections import add_corrections
from demo.courses.history import ORDER, CourseHistory
from demo.courses.minutes import add_minutes
from demo.courses.plans import add_life_of_plans
from demo.courses.setbacks import add_setbacks, return_mails
from demo.courses.thoroughness import keep_to_the_method
from demo.evaluation.deviations import demo_deviations
from demo.evaluation.paid_hours import demo_paid_hours
from demo.evaluation.steering import add_steering_groups
from demo.evaluation.thresholds import add_thresholds
from demo.invented import impossible_cprs, random_uuid
from demo.money import demo_money
from demo.names import person_name
from demo.people.citizens import demo_citizen
from demo.people.sign_in import SETUP_KEY, add_sign_in
from demo.people.staffing import demo_staffing
from demo.people.teams import DANISH, Team, demo_projects, demo_teams
from demo.placements.agreements import sign_agreements
from demo.placements.annexes import add_annexes
from demo.placements.attendance import add_attendance
from demo.placements.ends import describe_ends
from demo.protection.access import add_access
from demo.protection.retention import add_protection
from demo.protection.unusual_use import add_unusual_use
from evaluation.publication.actions import publish_due
from evaluation.summaries import stored as stored_figures
from grants.storage import stored_events
from jobfirst import mode
from jobfirst.database.batches import UPDATE_BATCH
from jobfirst.stored import checks as stored_checks
from jobfirst.values.dates import DAY, DateSpan
from randomization.draw.actions import draw_project
from randomization.draw.shares import demo_shares
from reminders import deadlines

BATCH = 2000
#: The numbers of the names of citizens; those of the staff begin at 0.
CITIZENS_FROM = 2000
INELIGIBLE_SHARE = 0.07
DAYS_BETWEEN_DRAWS = 110
Progress = Callable[[str, int, int], None]


class DemoRefused(Exception):
    """The demo cannot be created here; the message says why and what to do."""


@dataclass(frozen=True)
class SignIn:
    """A user to sign in as; `setup_key` is for an authenticator app, where a code is asked for."""

    role: str
    email: str
    password: str
    setup_key: str = ""


def seed_demo(
    citizens: int, seed: int, on: datetime.date, progress: Progress = lambda name, completed, total: None
) -> list[SignIn]:
    """Fill an empty rehearsal with a synthetic trial as it might be on `on`; return users to sign in as.

    The same `citizens`, `seed` and `on` give the same people, draws and histories (the password is new each
    time). Raises DemoRefused in a real system and when citizens are stored already.
    """
    mode.confirm()
    if not mode.is_rehearsal():
        raise DemoRefused("The demo is for rehearsals only; this system is a real one.")
    if Citizen.objects.exists():
        raise DemoRefused(
            "There are citizens already: the demo wants an empty system (a new JOBFIRST_DATA_DIR)."
        )
    rng = random.Random(f"jobfirst demo {seed} {citizens} {on}")  # noqa: S311 - made-up data, not a draw
    password = secrets.token_urlsafe(9)
    with transaction.atomic():
        teams = demo_teams(demo_projects(on), rng, password)
        refer(teams, rng, citizens, on, progress)
        # Most of what follows is written past the actions, which keep the stored rows.
        with stored_checks.recompute_afterwards(deadlines.NAME, stored_elements.NAME):
            draw(teams, seed, on, progress)
            build_histories(teams, rng, on, progress)
            stored_events.recompute()
            companies = Company.objects.count()
            add_take_over(demo_cvr(companies), companies, on)
            add_merge(demo_cvr(companies + 1))
            add_undone_merge(demo_cvr(companies + 2))
            add_workplace_merge()
            demo_staffing(teams, on)
            demo_money(teams, rng, on)
            pay(teams, seed, on)
        largest = max(teams, key=lambda team: team.project.target_count)
        add_mistakes(teams, largest, on)
        add_steering_groups(teams, on)
        add_oversight(teams, largest, on)
        return_mails(teams, timezone.make_aware(datetime.datetime.combine(on, datetime.time(7, 5))))
        reckon_figures(on)
    return sign_ins(largest.project, password)


def add_mistakes(teams: list[Team], largest: Team, on: datetime.date) -> None:
    """Let staff correct what was wrong in the largest project, and record deviations from the protocol."""
    add_case_corrections(largest, on)
    agency = User.objects.filter(memberships__role=Role.AGENCY).earliest("email")
    demo_deviations(teams, agency, on)


def add_oversight(teams: list[Team], largest: Team, on: datetime.date) -> None:
    """Show what protects the citizens: second steps, erasure and holds, who has seen whom, unusual use."""
    first = User.objects.filter(memberships__role=Role.ADMINISTRATOR).earliest("email")
    administrators = (first, add_sign_in(largest, first.password))
    add_protection(teams, administrators, on)
    add_access(teams)
    add_unusual_use(largest, administrators)


def pay(teams: list[Team], seed: int, on: datetime.date) -> None:
    """Store the paid hours of both arms of the projects."""
    rng = random.Random(f"jobfirst demo paid hours {seed}")  # noqa: S311 - made-up data
    for team in teams:
        demo_paid_hours(team.project, rng, on)


def reckon_figures(on: datetime.date) -> None:
    """Store thresholds and figures of the evaluation; publish the months that are over to the agency."""
    add_thresholds(on)
    stored_figures.refresh(on)
    publish_due(on)


def refer(teams: list[Team], rng: random.Random, count: int, on: datetime.date, progress: Progress) -> None:
    """Save `count` referrals, spread over the projects by target count; one in fourteen is not eligible."""
    numbers = impossible_cprs(rng, on)
    terms = TrialTerms.objects.in_force_or_first(on)
    weights = [team.project.target_count for team in teams]
    citizens, referrals = [], []
    for number in range(1, count + 1):
        team = rng.choices(teams, weights)[0]
        digits, born = next(numbers)
        citizen = demo_citizen(rng, digits)
        citizens.append(citizen)
        referral = demo_referral(rng, team, citizen, person_name(CITIZENS_FROM + number), on)
        referrals.append(answer(referral, born, team.project, terms))
        if number % 100 == 0:
            progress("citizens", number, count)
    Citizen.objects.bulk_create(citizens, BATCH)
    Referral.objects.bulk_create(referrals, BATCH)


def demo_referral(rng: random.Random, team: Team, citizen: Citizen, name: str, on: datetime.date) -> Referral:
    """Return an unsaved referral, not yet assessed."""
    group = rng.choice(["resource_programme", "activity_ready", "activity_ready"])
    days = (on - team.project.starts_on).days
    referred_on = team.project.starts_on + rng.randrange(days) * DAY
    code = team.codes[0] if len(team.codes) == 1 or rng.random() < 0.6 else rng.choice(team.codes[1:])
    referral = Referral(
        public_id=random_uuid(rng),
        citizen=citizen,
        name=name,
        municipality_code=code,
        municipality_id=code,
        project=team.project,
        target_group=group,
        benefit="resource_programme_benefit"
        if group == "resource_programme"
        else rng.choice(["cash_benefit", "cash_benefit", "integration_benefit"]),
        public_support_since=referred_on - rng.randrange(400, 3000) * DAY,
        activity_ready=group == "activity_ready",
        in_integration_programme=False,
        referred_on=referred_on,
        referred_by=rng.choice(team.staff[Role.COORDINATING_CASEWORKER]),
    )
    if rng.random() < INELIGIBLE_SHARE:
        referral.target_group, referral.benefit = "activity_ready", "cash_benefit"
        referral.activity_ready = rng.random() < 0.5
        referral.public_support_since = referred_on - rng.randrange(30, 360) * DAY
    return referral


def answer(referral: Referral, born: datetime.date, project: Project, terms: TrialTerms) -> Referral:
    """Assess the referral by the rules (D1) and return it."""
    assessment = eligibility.assess(
        eligibility.ReferralFacts(
            born_on=born,
            target_group=eligibility.TargetGroup(referral.target_group),
            benefit=eligibility.Benefit(referral.benefit),
            public_support_since=referral.public_support_since,
            activity_ready=referral.activity_ready,
            in_integration_programme=referral.in_integration_programme,
            referred_on=referral.referred_on,
        ),
        terms,
        eligibility.TrialState(DateSpan(project.starts_on, project.ends_on), already_referred=False),
    )
    referral.state = "accepted" if assessment.eligible else "refused"
    referral.reasons = [str(reason) for reason in assessment.reasons]
    referral.flags = sorted(str(flag) for flag in assessment.flags)
    return referral


def draw(teams: list[Team], seed: int, on: datetime.date, progress: Progress) -> None:
    """Draw in each project several times over its days; the shares come from the seed (rehearsals only)."""
    shares = demo_shares(seed)
    for number, team in enumerate(teams, start=1):
        last = on - 12 * DAY  # the newest referrals are not drawn yet
        day = team.project.starts_on
        while day < last:
            day = min(day + DAYS_BETWEEN_DRAWS * DAY, last)
            draw_project(team.project, on=day, actor=None, shares=shares)
        progress("draws", number, len(teams))


def build_histories(teams: list[Team], rng: random.Random, on: datetime.date, progress: Progress) -> None:
    """Create the history of every participant's course, in batches."""
    by_project = {team.project.pk: team for team in teams}
    workplaces = {team.project.pk: demo_companies(rng, place, team, on) for place, team in enumerate(teams)}
    terms, annex = TrialTerms.objects.in_force_or_first(on), annex_on(on)
    courses = list(
        Course.objects.select_related("citizen", "municipality", "project", "referral__referred_by").order_by(
            "project__slug", "referral__public_id"
        )
    )
    courses_seen: Counter[str] = Counter()
    for first in range(0, len(courses), BATCH):
        batch = courses[first : first + BATCH]
        histories = []
        for course in batch:
            team = by_project[course.project_id]
            history = CourseHistory(course, team, on, rng, workplaces[course.project_id], terms, annex)
            history.build()
            histories.append(history)
        keep_to_the_method(histories)
        add_setbacks(histories, on, courses_seen)
        add_answers(histories)
        add_corrections(histories)
        add_minutes(histories)
        add_life_of_plans(histories)
        add_attendance(histories)
        add_annexes(histories)
        add_dialogues(histories)
        describe_ends(histories, on)
        save(batch, histories)
        progress("courses", first + len(batch), len(courses))


def save(courses: list[Course], histories: Iterable[CourseHistory]) -> None:
    """Save the courses' dates and every row of their histories, parents before children."""
    Course.objects.bulk_update(
        courses,
        [
            "internship_from",
            "continued_from",
            "retention_until",
            "ended_on",
            "end_reason",
        ],
        UPDATE_BATCH,
    )
    histories = list(histories)
    held = [meeting for history in histories for meeting in history.rows[FollowUpMeeting] if meeting.held_on]
    days_held = [meeting.held_on for meeting in held]
    for meeting in held:
        meeting.state, meeting.held_on, meeting.citizen_present = MeetingState.BOOKED, None, None
    for model in ORDER:
        rows: list[Any] = [row for history in histories for row in history.rows[model]]
        # A renewal is saved after the placement it refers to.
        unlinked = [row for row in rows if getattr(row, "renews", None) is None]
        renewals = [row for row in rows if getattr(row, "renews", None) is not None]
        model._default_manager.bulk_create(unlinked, BATCH)
        model._default_manager.bulk_create(renewals, BATCH)
    # Only after their minutes are saved (cases/models/minutes.py).
    for meeting, day in zip(held, days_held, strict=True):
        meeting.state, meeting.held_on, meeting.citizen_present = MeetingState.HELD, day, True
    FollowUpMeeting.objects.bulk_update(held, ["state", "held_on", "citizen_present"], UPDATE_BATCH)
    # Only after their hours are saved (companies/models/agreement_triggers.py).
    sign_agreements(histories)


def sign_ins(project: Project, password: str) -> list[SignIn]:
    """Return the first user of each role in `project`, of the agency and of the administrators; then another
    administrator, and a mentor with a second step."""
    roles = [role for role in DANISH if role not in {Role.AGENCY, Role.ADMINISTRATOR}]
    inside = [SignIn(role, f"{DANISH[role]}1.{project.slug}@demo.invalid", password) for role in roles]
    outside = [
        SignIn(role, f"{DANISH[role]}1@demo.invalid", password) for role in (Role.AGENCY, Role.ADMINISTRATOR)
    ]
    further = [
        SignIn(Role.ADMINISTRATOR, f"{DANISH[Role.ADMINISTRATOR]}2@demo.invalid", password),
        SignIn(Role.MENTOR, f"{DANISH[Role.MENTOR]}2.{project.slug}@demo.invalid", password, SETUP_KEY),
    ]
    return inside + outside + further
