"""Who works on a course on a day, and who of them is invited to its next meeting (D8, D18)."""

import datetime
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from cases.models import Course, CourseFunction, FollowUpMeeting


def team_of(
    course: Course, on: datetime.date, functions: Iterable[CourseFunction] = CourseFunction
) -> QuerySet[User]:
    """Return who holds the course's functions (all, or some) on the day, and who stands in for them."""
    holdings = course.holdings.in_force(on).filter(function__in=list(functions))
    stand_ins = holdings.stood_in(on).values("user__absences__stand_in")
    people = User.objects.filter(Q(pk__in=holdings.values("user")) | Q(pk__in=stand_ins))
    return people.filter(is_active=True).order_by("name", "pk")


def invited_next(meeting: FollowUpMeeting, day: datetime.date) -> list[User]:
    """Return who is invited to the next meeting: the same people, but of the team those of its day.

    Functions may have changed hands since this meeting was booked, or do so before the next one.
    """
    course = meeting.course
    this_day = timezone.localdate(meeting.planned_at) if meeting.planned_at else day
    team = list(team_of(course, this_day))
    next_team = list(team_of(course, day))
    leavers = {*team, *User.objects.filter(holdings__course=course)} - set(next_team)
    people = [person for person in meeting.invited.filter(is_active=True) if person not in leavers]
    newcomers = [person for person in next_team if person not in team and person not in people]
    return people + newcomers
