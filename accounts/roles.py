"""The roles of users, as stored. The policy modules alone say what a role may do."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    PROJECT_LEADER = "project_leader", _("Project leader")
    COORDINATING_CASEWORKER = "coordinating_caseworker", _("Coordinating caseworker")
    COURSE_OWNER = "course_owner", _("Course owner")
    JOB_CONSULTANT = "job_consultant", _("Job consultant")
    MENTOR = "mentor", _("Mentor")
    AGENCY = "agency", _("Agency")
    ADMINISTRATOR = "administrator", _("Administrator")


def role_in_words(role: str, project_name: str = "") -> str:
    """Return "Mentor (JobFirst Aalborg)"; of a role for the whole trial its word alone."""
    return f"{Role(role).label} ({project_name})" if project_name else str(Role(role).label)


# The agency and the administrators belong to the whole trial, everybody else to a project.
TRIAL_WIDE = frozenset({Role.AGENCY, Role.ADMINISTRATOR})
