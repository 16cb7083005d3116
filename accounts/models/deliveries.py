"""What files said of users (D42)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.projects import Project
from accounts.models.users import User
from jobfirst.row_security.rules import Shared


class DeliveredUser(models.Model):
    """The name and the roles in one project (None: in none) that a file said last of a user.

    A file that says the same again takes back nothing that a person has changed since.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=150)
    roles = ArrayField(models.CharField(max_length=30))

    jobfirst_projects = Shared("which file named which user: read where accounts are managed")

    class Meta:
        verbose_name = _("delivered user")
        verbose_name_plural = _("delivered users")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "project"], nulls_distinct=False, name="accounts_delivered_user_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.project_id or '-'}"
