"""Opening a course, its dates (D12, D19), and access to a colleague's course with a reason. The end:
`cases.actions.ending`."""

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import TrialTerms, User
from cases.actions.checks import changed, locked
from cases.models import ColleagueOpening, Course, CourseFunction, FunctionHolding, Referral, ShutOut
from cases.notices import COURSE_TAKEN_OVER
from cases.rules import transitions
from jobfirst.values.dates import DAY, DateSpan, in_force_or_first
from reminders.notices import tell


@transaction.atomic(savepoint=False)
def open_course(
    referral: Referral,
    started_on: datetime.date,
    public_id: uuid.UUID | None = None,
    team: Mapping[str, User] | None = None,
) -> Course:
    """Open the participant's course on the day of the draw (D5, D12). Only the draw calls this.

    The user who referred the citizen becomes the coordinating caseworker. The other functions are given to
    `team`, the default team by function (D43), who are told; so is that one when the referral was imported.
    What neither fills is left to the project leader, as are functions of people who are shut out (D51). The
    referral must be accepted; a citizen has at most one course (IntegrityError otherwise).
    """
    if referral.project_id is None or referral.municipality_id is None:
        raise ValueError("only an accepted referral opens a course")
    course = Course.objects.create(
        public_id=public_id or uuid.uuid4(),
        citizen_id=referral.citizen_id,
        referral=referral,
        project_id=referral.project_id,
        municipality_id=referral.municipality_id,
        started_on=started_on,
    )
    holders = _first_holders(referral, team or {})
    FunctionHolding.objects.bulk_create(
        FunctionHolding(course=course, function=function, user=user, from_on=started_on)
        for function, user in sorted(holders.items())
    )
    if team:
        of_team = {user for function, user in holders.items() if user == team.get(function)}
        tell(COURSE_TAKEN_OVER, course.public_id, of_team, started_on)
    return course


def _first_holders(referral: Referral, team: Mapping[str, User]) -> dict[str, User]:
    """Return who gets which function at the draw; nobody who is shut out."""
    holders = dict(team)
    function = CourseFunction.COORDINATING_CASEWORKER
    caseworker = referral.referred_by
    if (
        caseworker is not None
        and caseworker.is_active
        and caseworker.has_role(function, project_id=referral.project_id)
    ):
        holders[function] = caseworker
    shut_outs = ShutOut.objects.in_force().filter(citizen=referral.citizen_id)
    closed = set(shut_outs.values_list("user", flat=True))
    return {function: user for function, user in holders.items() if user.pk not in closed}


def reckon_dates(
    course: Course,
    internships: Iterable[DateSpan],
    terms: Sequence[TrialTerms],
) -> transitions.CourseDates | None:
    """Return the dates that the internships give the course (D12, D19); None when it has them already.

    Computed from all internships each time, so that the order of recording makes no difference. The terms
    used are those in force on the first internship day. An extension of the retention window by a plan for
    job is kept.
    """
    current = transitions.CourseDates(course.internship_from, course.continued_from, course.retention_until)
    first = transitions.internship_from(course.started_on, internships)
    if first == current.internship_from:
        return None
    if first is None:
        return transitions.CourseDates()
    durations = _durations(in_force_or_first(terms, first))
    return transitions.dates(first, durations, extended_to=_extension(current, terms))


@transaction.atomic
def follow_internships(course: Course, internships: Iterable[DateSpan]) -> Course:
    """Update the course's dates after its internships changed; `internships` are all of them.

    The first internship opens the internship phase (D12) and the retention window (D19). The caller's action
    updates the deadlines.
    """
    course = locked(course)
    dates = reckon_dates(course, internships, list(TrialTerms.objects.all()))
    if dates is not None:
        changed(course, vars(dates))
    return course


@transaction.atomic
def extend_retention(course: Course, until: datetime.date | None) -> Course:
    """Extend the retention window to the day that the plan for job in force states (D19, D21).

    None means that the plan ends the mentor support. The window is never shorter than the rule gives.
    The caller's action updates the deadlines.
    """
    course = locked(course)
    if course.internship_from is None:
        raise ValidationError(_("No internship has begun."), code="no_internship")
    durations = _durations(TrialTerms.objects.in_force_or_first(course.internship_from))
    dates = transitions.dates(course.internship_from, durations, extended_to=until)
    if dates.retention_until != course.retention_until:
        changed(course, {"retention_until": dates.retention_until})
    return course


def _extension(current: transitions.CourseDates, terms: Sequence[TrialTerms]) -> datetime.date | None:
    """Return the end that a plan for job gave the window, if it is later than the rule's."""
    if current.internship_from is None:
        return None
    return transitions.extension(current, _durations(in_force_or_first(terms, current.internship_from)))


def _durations(terms: TrialTerms) -> transitions.TrialDurations:
    return transitions.TrialDurations(terms.retention_weeks, terms.retention_months)


@transaction.atomic
def open_colleagues_course(course: Course, user: User, reason: str) -> ColleagueOpening:
    """Give `user` access to a colleague's course until the end of the day or a change of the user's roles.

    The project leader sees the opening and its reason (docs/privacy.md). Idempotent: the same form again
    returns the existing opening.
    """
    locked(course)
    standing = ColleagueOpening.objects.open_for(user).filter(course=course, reason=reason).first()
    if standing is not None:
        return standing
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return ColleagueOpening.objects.create(
        course=course,
        user=user,
        reason=reason,
        ends_at=midnight + DAY,
        session_epoch=user.session_epoch,
    )
