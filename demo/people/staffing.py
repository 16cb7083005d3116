"""Who does what in the demo: default teams, an absence with a stand-in, and a hand-over with notes."""

import datetime

from accounts.absences import actions as absences
from accounts.models import User
from accounts.roles import Role
from cases import actions
from cases.actions.default_team import TeamPlace, set_default_team
from cases.models import CourseFunction, FunctionHolding
from demo.people.teams import Team
from demo.words import HANDOVERS
from jobfirst.values.dates import DAY, DateSpan

AWAY_SINCE, AWAY_FOR = 2 * DAY, 9 * DAY
HANDED_OVER_SINCE = 5 * DAY
HANDED_OVER = 4  # functions


def demo_staffing(teams: list[Team], on: datetime.date) -> None:
    """Give every project its default teams, an absence and some courses handed over, as of the day.

    The first of each role is the one to sign in as: she stands in, and has taken courses over.
    """
    for team in teams:
        leader = team.staff[Role.PROJECT_LEADER][0]
        places = {
            TeamPlace(code, function): team.staff[function][0]
            for code in team.codes
            for function in CourseFunction.values
        }
        set_default_team(team.project, places, seen={})
        stand_in, absent = team.staff[Role.MENTOR][:2]
        span = DateSpan(on - AWAY_SINCE, on - AWAY_SINCE + AWAY_FOR)
        facts = absences.AbsenceFacts(absent, team.project, stand_in, span)
        absences.enter_absence(facts, by=leader, today=on)
        successor, former = team.staff[Role.JOB_CONSULTANT][:2]
        _hand_over(former, successor, on - HANDED_OVER_SINCE, by=leader)


def _hand_over(former: User, successor: User, from_on: datetime.date, *, by: User) -> None:
    """Hand some running courses over, the last of them without a note."""
    holdings = (
        FunctionHolding.objects.in_force(from_on)
        .filter(user=former, course__ended_on=None, from_on__lt=from_on)
        .select_related("course")
        .order_by("course__started_on", "course__referral__public_id")[:HANDED_OVER]
    )
    notes = [actions.NoteText(*texts) for texts in HANDOVERS]
    lines = [
        actions.HandoverLine(str(holding.course.public_id), holding.course, holding.function, successor, note)
        for holding, note in zip(holdings, [*notes, actions.NoteText()], strict=False)
    ]
    actions.hand_over(former, lines, from_on=from_on, by=by)
