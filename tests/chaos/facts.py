"""Courses whose deadlines are told in March and in October 2017, and who holds their functions."""

import datetime
import itertools

from accounts.models import User
from accounts.roles import Role
from cases.models import Citizen, Course, CourseFunction, FunctionHolding, Referral
from reminders import deadlines
from reminders.models import Deadline
from tests.factories import ProjectFactory, ReferralFactory, UserFactory, cpr

#: So that the first reminders of each half are due just before a change of the clock.
STARTS = (datetime.date(2017, 3, 13), datetime.date(2017, 10, 16))
COURSES_PER_PERSON = 5


def make_facts(deadlines_wanted: int) -> int:
    """Store courses until at least so many deadlines follow from them; return how many do."""
    project = ProjectFactory(ends_on=datetime.date(2018, 12, 31), target_count=10)
    numbers = itertools.count()
    while (stored := Deadline.objects.count()) < deadlines_wanted:
        courses = Course.objects.count()
        missing = (deadlines_wanted - stored) * courses // max(stored, 1)
        make_courses(project, missing + COURSES_PER_PERSON, numbers)
        deadlines.recompute()
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
            started_on=STARTS[number % 2],
        )
        for number, referral in enumerate(referrals)
    )
    people = [make_person(project) for _ in range(0, count, COURSES_PER_PERSON)]
    FunctionHolding.objects.bulk_create(
        FunctionHolding(
            course=course, function=function, user=people[number % len(people)], from_on=course.started_on
        )
        for number, course in enumerate(courses)
        for function in CourseFunction.values
    )


def make_person(project) -> User:
    return UserFactory(project=project, roles=[Role.MENTOR], password="!")


def birthday(number: int) -> datetime.date:
    """Return the birthday that goes with a number, so that all CPR numbers differ."""
    return datetime.date(1960, 1, 1) + datetime.timedelta(days=number // 4000)
