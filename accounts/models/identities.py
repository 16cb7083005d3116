"""The identities by which a municipality's provider names the users (docs/decisions, "Sign-in")."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.users import User
from audit.history import tracked


@tracked()
class Identity(models.Model):
    """The subject by which a municipality's identity provider names a user (docs/decisions)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=200)
    subject = models.CharField(max_length=255)
    created_at = models.DateTimeField(auto_now_add=True)
    #: Since when the provider has stated no roles, until it does or an administrator has seen to it.
    roles_unstated_since = models.DateTimeField(
        _("roles not stated since"), null=True, blank=True, editable=False
    )

    class Meta:
        verbose_name = _("identity at a provider")
        verbose_name_plural = _("identities at providers")
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="accounts_identity_once"),
            models.UniqueConstraint(fields=["issuer", "user"], name="accounts_identity_of_user_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.issuer}"
