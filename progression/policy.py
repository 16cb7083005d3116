"""Permissions on the progression tool. The only place in this app that names roles.

Answers belong to a course: `Course.objects.visible_to` decides whose answers a user sees. The agency makes
the questionnaires and sees no answers.
"""

from rules.predicates import always_true

from accounts.models import User
from accounts.policy import is_agency, leads_a_project, led_or_referring_project_ids
from cases.policy import leads_course, refers_citizens, works_on_course


def projects_to_upload_to(user: User) -> frozenset[int]:
    """Return the ids of the projects for whose courses the user may upload answers."""
    return led_or_referring_project_ids(user)


PERMISSIONS = {
    "progression.manage_questionnaires": is_agency,
    "progression.upload": refers_citizens | leads_a_project,
    # A visible course
    "progression.view_answers": always_true,
    "progression.answer": works_on_course | leads_course,
}
