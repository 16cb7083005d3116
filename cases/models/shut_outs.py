"""Staff who are shut out from a citizen, such as relatives of hers (D51)."""

import uuid
from typing import Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.history import tracked
from jobfirst.values import text_limits


class ShutOutQuerySet(models.QuerySet["ShutOut"]):
    def in_force(self) -> Self:
        """Return those that have not been lifted."""
        return self.filter(lifted_at=None)


@tracked()
class ShutOut(models.Model):
    """A person who may neither find nor see the citizen, whatever roles the person has (D51).

    Set by the leader, until the leader lifts it. A row that nobody lifted ended because the citizen was put
    together with somebody from whom the person is shut out as well (D40).
    Whatever shows citizens leaves her out for the person: `open_to`.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    citizen = models.ForeignKey("cases.Citizen", on_delete=models.PROTECT, related_name="shut_outs")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    reason = models.TextField(_("reason"), max_length=text_limits.REASON)
    shut_out_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    shut_out_at = models.DateTimeField(auto_now_add=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True)

    objects = ShutOutQuerySet.as_manager()

    class Meta:
        verbose_name = _("person who is shut out")
        verbose_name_plural = _("persons who are shut out")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "citizen"],
                condition=Q(lifted_at=None),
                name="cases_shut_out_once",
                violation_error_message=_("The person is shut out already."),
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="cases_shut_out_reason"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


def open_to(user: User, path: str = "citizen") -> Q:
    """Return the condition that the user is not shut out from the citizen, and that she was not erased.

    `path` leads to the citizen from the rows that are filtered. Her row is not joined: its wall would be
    asked for each of them, and the erased are few.
    """
    closed = ShutOut.objects.in_force().filter(user=user.pk).values("citizen_id")
    erased = apps.get_model("cases", "Citizen").objects.exclude(erased_on=None).values("pk")
    return ~Q(**{f"{path}__in": erased}) & ~Q(**{f"{path}__in": closed})
