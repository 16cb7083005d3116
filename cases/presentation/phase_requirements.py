"""What `cases` itself requires of a course: the checklist of its start (D8, D10, D18)."""

from django.db.models import Count, DateField, Exists, Min, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.extension_points import PhaseRequirement
from cases.models import (
    MEETING_DAY,
    Course,
    CourseFunction,
    Cv,
    FollowUpMeeting,
    FunctionHolding,
    JobGoal,
    ProfileText,
)
from cases.rules.phases import Phase


def _team_url(course: Course) -> str:
    return reverse("cases:start_team", args=[course.public_id])


def _meeting_url(course: Course) -> str:
    return reverse("cases:book_meeting", args=[course.public_id])


def _profile_url(course: Course) -> str:
    return reverse("cases:profile", args=[course.public_id])


def _cv_url(course: Course) -> str:
    return reverse("cases:cv", args=[course.public_id])


def _goals_url(course: Course) -> str:
    return reverse("cases:goals", args=[course.public_id])


_holdings = FunctionHolding.objects.filter(course=OuterRef("pk")).order_by()
_meetings = (
    FollowUpMeeting.objects.booked_or_counting().filter(course=OuterRef("pk")).annotate(day=MEETING_DAY)
)
_texts = ProfileText.objects.filter(course=OuterRef("pk")).exclude(text="")
_cvs = Cv.objects.filter(course=OuterRef("pk"), changed_on__isnull=False)
_goals = JobGoal.objects.filter(course=OuterRef("pk"))

#: Each of the four functions has been filled, whoever holds them now.
TEAM = PhaseRequirement(
    key="team",
    phase=Phase.SNIFFING,
    order=2,
    label=_("Four people with their functions"),
    is_met=Exists(
        _holdings.values("course")
        .annotate(functions=Count("function", distinct=True))
        .filter(functions=len(CourseFunction))
    ),
    url=_team_url,
    perm="cases.assign_function",
    done_on=Subquery(
        _holdings.values("function").annotate(day=Min("from_on")).order_by("-day").values("day")[:1],
        output_field=DateField(),
    ),
)
FIRST_MEETING = PhaseRequirement(
    key="first_meeting",
    phase=Phase.SNIFFING,
    order=4,
    label=_("First follow-up meeting"),
    is_met=Exists(_meetings),
    url=_meeting_url,
    perm="cases.manage_meetings",
    done_on=Subquery(_meetings.order_by("day").values("day")[:1], output_field=DateField()),
)
PROFILE = PhaseRequirement(
    key="profile",
    phase=Phase.SNIFFING,
    order=6,
    label=_("Profile: dreams, wishes and resources"),
    is_met=Exists(_texts),
    url=_profile_url,
    done_on=Subquery(_texts.order_by("written_on").values("written_on")[:1], output_field=DateField()),
)
CV = PhaseRequirement(
    key="cv",
    phase=Phase.SNIFFING,
    order=8,
    label=_("CV"),
    is_met=Exists(_cvs),
    url=_cv_url,
    done_on=Subquery(_cvs.values("changed_on")[:1], output_field=DateField()),
)
JOB_GOALS = PhaseRequirement(
    key="job_goals",
    phase=Phase.INTERNSHIP,
    order=10,
    label=_("Job goals"),
    is_met=Exists(_goals),
    url=_goals_url,
    done_on=Subquery(_goals.order_by("set_on").values("set_on")[:1], output_field=DateField()),
)
REQUIREMENTS = (TEAM, FIRST_MEETING, PROFILE, CV, JOB_GOALS)
