"""Who has seen a citizen, as the citizen is handed it: by day and person, in words."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Membership
from accounts.roles import Role
from audit.models import AccessOutcome, AccessRecord
from cases.tables.access_log import page_in_words, person_in_words


@dataclass
class ExtractLine:
    """What one person saw of the citizen on a day, and what was refused; `roles` are those in the project."""

    on: datetime.date
    person: str
    roles: str
    pages: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def extract_lines(records: QuerySet[AccessRecord], project_id: int | None) -> list[ExtractLine]:
    """Return the lines, the newest day first; two queries."""
    lines: dict[tuple[datetime.date, int | None, str], ExtractLine] = {}
    people = list(records.select_related("user").only("at", "action", "outcome", "user__name", "user__email"))
    roles = _roles({record.user_id for record in people}, project_id)
    for record in people:
        on = timezone.localdate(record.at)
        person = person_in_words(str(record.user or ""), record.action)
        line = lines.setdefault(
            (on, record.user_id, person), ExtractLine(on, person, roles.get(record.user_id, ""))
        )
        pages = line.pages if record.outcome == AccessOutcome.SHOWN else line.refused
        page = str(page_in_words(record.action))
        if page not in pages:
            pages.append(page)
    return list(lines.values())


def _roles(user_ids: Iterable[int | None], project_id: int | None) -> dict[int | None, str]:
    """Return the roles that the users have in the project, in words; one query. None without a project."""
    if project_id is None:
        return {}
    roles: dict[int | None, list[str]] = {}
    people = [user_id for user_id in user_ids if user_id is not None]
    memberships = Membership.objects.filter(user_id__in=people, project_id=project_id).order_by("role")
    for user_id, role in memberships.values_list("user_id", "role"):
        roles.setdefault(user_id, []).append(str(Role(role).label).lower())
    return {user_id: ", ".join(labels) for user_id, labels in roles.items()}
