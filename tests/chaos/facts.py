"""Courses whose deadlines are told in March and in October 2017, and who holds their functions."""

import datetime
import itertools

from accounts.models import Membership, User
from accounts.roles import Role
from cases.models import Citizen, Course, CourseFunction, FunctionHolding, Referral
from jobfirst.database.owner import as_owner
from jobfirst.stored import checks as stored_checks
from reminders import deadlines
from reminders.models import Deadline
from tests.factories import ProjectFactory, ReferralFactory, UserFactory, cpr

#: The first reminders of these courses are due just before summer time begins, in the days without a worker,
#: and just before summer time ends.
STARTS = (datetime.date(2017, 3, 13), datetime.date(2017, 3, 27), datetime.date(2017, 10, 16))
#: So that a day has some hundred digests at most, each with a few dozen reminders when there are many.
MOST_PEOPLE, FEWEST_COURSES = 100, 5


def make_facts(deadlines_wanted: int) -> int:
    """Store courses until at least so many deadlines follow from them; return how many do."""
    project = ProjectFactory(ends_on=datetime.date(2018, 12, 31), target_count=10)
    numbers = itertools.count()
    while (stored := Deadline.objects.count()) < deadlines_wanted:
        courses = Course.objects.count()
        missing = (deadlines_wanted - stored) * courses // max(stored, 1)
        make_courses(project, missing + FEWEST_COURSES, numbers)
        deadlines.recompute()
    for derived in stored_checks.registered_rows():
        derived.recompute()  # the night checks all that is stored
    with as_owner() as connection, connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # these servers do not do it by themselves
    return stored


def make_courses(project, count, numbers) -> None:
    """Store so many courses, their functions held by one person for each lot of them."""
    municipality = project.places.get(is_lead=True).municipality
    citizens = Citizen.objects.bulk_create(
        [Citizen.new(cpr(number, birthday(number))) for number in itertools.islice(numbers, count)]
    )
    referrals = Referral.objects.bulk_create(
        ReferralFactory.build(
            citizen=citizen,
            project=project,
            municipality=municipality,
            municipality_code=municipality.code,
            referred_on=STARTS[0],
        )
        for citizen in citizens
    )
    courses = Course.objects.bulk_create(
        Course(
            referral=referral,
            citizen=referral.citizen,
            project=project,
            municipality=municipality,
            started_on=STARTS[number % len(STARTS)],
        )
        for number, referral in enumerate(referrals)
    )
    people = make_people(project, min(MOST_PEOPLE, -(-count // FEWEST_COURSES)))
    FunctionHolding.objects.bulk_create(
        FunctionHolding(
            course=course, function=function, user=people[number % len(people)], from_on=course.started_on
        )
        for number, course in enumerate(courses)
        for function in CourseFunction.values
    )


def make_people(project, count) -> list[User]:
    """Store so many mentors who wait for no invitation, without the slow hash of a password."""
    users = [UserFactory.build(password=None) for _ in range(count)]
    for user in users:
        user.password = "nobody signs in"
    User.objects.bulk_create(users)
    Membership.objects.bulk_create(Membership(user=user, project=project, role=Role.MENTOR) for user in users)
    return users


def birthday(number: int) -> datetime.date:
    """Return the birthday that goes with a number, so that all CPR numbers differ."""
    return datetime.date(1960, 1, 1) + datetime.timedelta(days=number // 4000)
