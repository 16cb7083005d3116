"""Who may draw, and who reads the ledger. The only place here that names roles.

Coordinating caseworkers draw the citizens they refer, and so may the project leader; the agency sees the
ledger by pseudonym, without names (D4, D5).
"""

from django.db.models import QuerySet

from accounts.models import User
from accounts.policy import is_agency, leads_a_project, led_or_referring_project_ids, people_of_the_agency
from cases.policy import refers_citizens


def projects_to_draw_in(user: User) -> frozenset[int]:
    """Return the ids of the projects whose citizens the user draws, and whose draws they see with names."""
    return led_or_referring_project_ids(user)


def recipients_of_the_head() -> QuerySet[User]:
    """Return everybody who is mailed the ledger's head: the agency."""
    return people_of_the_agency()


PERMISSIONS = {
    "randomization.draw": refers_citizens | leads_a_project,
    "randomization.view_drawn": refers_citizens | leads_a_project,
    "randomization.view_ledger": is_agency,
    "randomization.record_event": refers_citizens | leads_a_project,
}
