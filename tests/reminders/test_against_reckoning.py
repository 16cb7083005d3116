"""The stored deadlines say on every day what a reckoning of that day alone says (D33)."""

import datetime
import random

import pytest
from django.utils import timezone

from accounts.models import TrialTerms
from accounts.roles import Role
from cases.actions.pauses import suspendable_kinds
from cases.models import (
    CourseFunction,
    CoursePause,
    FollowUpMeeting,
    FunctionHolding,
    MeetingDecision,
    MentorContact,
)
from companies.models import PlacementKind
from jobfirst.values.dates import DAY
from plans.models import ActivityLine
from reminders import deadlines, recipients
from reminders.models import ReminderReason
from tests.factories import (
    CourseFactory,
    PlacementFactory,
    PlanForJobFactory,
    ProjectFactory,
    UserFactory,
    WorkAgreementFactory,
    mark_held,
)
from tests.loops import some
from tests.reminders import reckoning_by_day
from tests.scenarios.progression_answers import imported_sheet

pytestmark = pytest.mark.django_db

START = datetime.date(2016, 4, 4)


def random_pauses(course, rng) -> None:
    """Up to three pauses without overlap, some of them adjacent; each suspends some of the kinds."""
    codes = [kind.code for kind in suspendable_kinds()]
    first = course.started_on
    for _number in range(rng.randrange(4)):
        first += rng.choice([0, 3, rng.randrange(60)]) * DAY
        last = first + rng.randrange(40) * DAY if rng.random() < 0.8 else None
        CoursePause.objects.create(
            course=course,
            kind="illness",
            starts_on=first,
            ends_on=last,
            suspended=[code for code in codes if rng.random() < 0.7],
        )
        if last is None:
            break
        first = last + DAY


def random_promises(meeting, held_on, rng) -> None:
    """Some promises of a held meeting, half of them done before or after their day."""
    for _number in range(rng.randrange(3)):
        due_on = held_on + rng.randrange(-2, 30) * DAY
        MeetingDecision.objects.create(
            course=meeting.course,
            meeting=meeting,
            text="x",
            function=rng.choice(["citizen", *CourseFunction.values]),
            due_on=due_on,
            done_on=due_on + rng.randrange(-10, 20) * DAY if rng.random() < 0.5 else None,
        )


def random_course(project, users, rng) -> None:
    """A course with contacts, meetings, holders, placements, activities and a plan on random days."""
    course = CourseFactory(project_for=project, started_on=START + rng.randrange(20) * DAY)
    random_holders(course, users, rng)
    random_contacts(course, rng)
    random_pauses(course, rng)
    random_meetings(course, rng)
    random_activities(course, rng)
    if rng.random() < 0.6:
        course.internship_from = course.started_on + rng.randrange(90) * DAY
        course.continued_from = course.internship_from + 91 * DAY
        course.retention_until = course.internship_from + rng.randrange(91, 150) * DAY
        if rng.random() < 0.4:
            PlanForJobFactory(course=course, made_on=course.continued_from + rng.randrange(-10, 10) * DAY)
    if rng.random() < 0.4:
        course.ended_on = course.started_on + rng.randrange(1, 250) * DAY
        course.end_reason = "other"
    course.save()


def random_days(course, rng, most):
    """Return fewer than `most` days of the course's first 240."""
    return [course.started_on + rng.randrange(240) * DAY for _number in range(rng.randrange(most))]


def random_holders(course, users, rng) -> None:
    """Up to two holders of each function, one after the other, perhaps with days between."""
    for function in CourseFunction.values:
        first = course.started_on
        for _number in range(rng.randrange(3)):
            first += rng.randrange(20) * DAY
            last = first + rng.randrange(90) * DAY if rng.random() < 0.7 else None
            FunctionHolding.objects.create(
                course=course, function=function, user=rng.choice(users), from_on=first, until_on=last
            )
            if last is None:
                break
            first = last + DAY


def random_contacts(course, rng) -> None:
    """Contacts with and without the citizen."""
    for day in random_days(course, rng, 12):
        MentorContact.objects.create(course=course, held_on=day, citizen_present=rng.random() < 0.8)
    for day in random_days(course, rng, 16):
        MentorContact.objects.create(
            course=course,
            held_on=day,
            citizen_present=False,
            channel=rng.choice(["phone", "video", "unknown"]),
        )


def random_meetings(course, rng) -> None:
    """Held meetings with promises, some of them corrected; booked meetings, and answers."""
    for day in random_days(course, rng, 5):
        meeting = FollowUpMeeting.objects.create(
            course=course, planned_at=timezone.make_aware(datetime.datetime.combine(day, datetime.time(10)))
        )
        random_promises(meeting, day, rng)
        mark_held(meeting, day)
        if rng.random() < 0.3:
            meeting.corrected_on = max(course.started_on, day + rng.randrange(-5, 6) * DAY)
            meeting.citizen_was_absent = rng.random() < 0.5
            meeting.save(update_fields=["corrected_on", "citizen_was_absent"])
    for day in random_days(course, rng, 3):
        at = timezone.make_aware(datetime.datetime.combine(day, datetime.time(10)))
        FollowUpMeeting.objects.create(course=course, planned_at=at)
    for day in sorted(set(random_days(course, rng, 5))):
        imported_sheet(course, day, rater=rng.choice(["citizen", "mentor", "company_contact"]))


def random_activities(course, rng) -> None:
    """Placements of any kind, and lines of the activity plan."""
    for day in random_days(course, rng, 3):
        PlacementFactory(
            course=course,
            kind=rng.choice(PlacementKind.values),
            starts_on=day,
            planned_end_on=day + rng.randrange(91) * DAY,
        )
    with_agreement = course.placements.filter(renewed_by=None, renews=None)
    for placement in list(with_agreement)[:2]:
        WorkAgreementFactory(
            placement=placement,
            made_on=placement.starts_on + rng.randrange(6) * DAY,
            company_contact__email=rng.choice(["", "kontakt@example.invalid"]),
        )
    for day in random_days(course, rng, 6):
        cancelled = rng.random() < 0.2
        ActivityLine.objects.create(
            course=course,
            what="x",
            who="y",
            starts_on=day,
            ends_on=day + rng.randrange(10) * DAY,
            cancelled=cancelled,
            done=None if cancelled else rng.choice([None, None, True, False]),
        )


@pytest.mark.parametrize("seed", range(4))
def test_on_every_day_the_deadlines_are_those_of_that_day(seed) -> None:
    rng = random.Random(seed)
    project = ProjectFactory()
    users = [
        UserFactory(project=project, roles=[*CourseFunction.values, Role.PROJECT_LEADER]) for _n in range(3)
    ]
    if seed % 2:
        first = TrialTerms.objects.get()
        TrialTerms.objects.create(
            valid_from=START + 70 * DAY,
            contact_weekday=3,
            meeting_interval_days=25,
            booking_lead_days=10,
            progression_lead_days=4,
            empty_week_lead_days=12,
            agreement_lead_days=first.agreement_lead_days + 5,
            enrolment_slack_percent=0,
            failed_attempts=2,
        )
    for _number in range(8):
        random_course(project, users, rng)
    deadlines.recompute()
    for offset in some(sorted(rng.sample(range(300), 40))):
        on = START + offset * DAY
        reckoned = {
            (kind, fact.subject, fact.due_on, fact.recipient_id)
            for kind in reckoning_by_day.KINDS
            for fact in reckoning_by_day.facts_on(kind, on)
        }
        tellings = {
            (telling.kind, telling.subject, telling.due_on, telling.recipient_id)
            for telling in recipients.tellings(on)
            if telling.reason == ReminderReason.DUE
        }
        assert tellings == reckoned, on
