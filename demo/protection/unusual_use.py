"""A day of much use, for the page of unusual use: searches, files and openings; one person was stopped."""

from accounts.models import User
from accounts.roles import Role
from audit.models import AccessOutcome, AccessRecord
from audit.usage import DOWNLOAD_ACTION, LIMIT_ACTION, Usage
from demo.people.teams import Team

#: As many as the limit allows within an hour by default.
SEARCHES = 60
#: Files that one person fetched, and everybody else.
MANY_FILES, FEW_FILES = 44, 3


def add_unusual_use(team: Team, administrators: tuple[User, User]) -> None:
    """Record that a mentor tried many CPR numbers, and that two people fetched far more files than others."""
    # Not the mentor whose sign-in is printed, who would be stopped for an hour.
    person = max(team.staff[Role.MENTOR], key=lambda user: user.email)
    searches = [
        AccessRecord(user=person, action="course.find", outcome=AccessOutcome.REFUSED, asked_for="cpr")
        for _ in range(SEARCHES)
    ]
    stopped = AccessRecord(
        user=person, action=LIMIT_ACTION, outcome=AccessOutcome.REFUSED, asked_for=Usage.CPR_SEARCH
    )
    caseworkers = team.staff[Role.COORDINATING_CASEWORKER]
    others = [caseworkers[0], *team.staff[Role.PROJECT_LEADER], *team.staff[Role.COURSE_OWNER]]
    counts = [(caseworkers[1], MANY_FILES), (administrators[1], MANY_FILES)]
    counts += [(user, FEW_FILES) for user in (administrators[0], *others)]
    files = [
        AccessRecord(user=user, action=DOWNLOAD_ACTION, outcome=AccessOutcome.SHOWN)
        for user, count in counts
        for _ in range(count)
    ]
    AccessRecord.objects.bulk_create([*searches, stopped, *files])
