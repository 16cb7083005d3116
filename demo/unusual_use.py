"""A morning of many searches, which the page of unusual use shows: somebody was stopped by a limit."""

from accounts.roles import Role
from audit.models import AccessOutcome, AccessRecord
from audit.usage import LIMIT_ACTION, Usage
from demo.people import Team

#: As many as the limit allows within an hour by default.
SEARCHES = 60


def add_unusual_use(team: Team) -> None:
    """Record that one of the project's mentors tried many CPR numbers, none of a citizen of the project."""
    person = min(team.staff[Role.MENTOR], key=lambda user: user.email)
    searches = [
        AccessRecord(user=person, action="course.find", outcome=AccessOutcome.REFUSED, asked_for="cpr")
        for _ in range(SEARCHES)
    ]
    stopped = AccessRecord(
        user=person, action=LIMIT_ACTION, outcome=AccessOutcome.REFUSED, asked_for=Usage.CPR_SEARCH
    )
    AccessRecord.objects.bulk_create([*searches, stopped])
