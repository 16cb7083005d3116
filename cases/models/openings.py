"""Openings of a course by colleagues in the same project, each with a reason."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.models.course import Course
from jobfirst import text_limits
from jobfirst.models import append_only


class ColleagueOpeningQuerySet(models.QuerySet["ColleagueOpening"]):
    def open_for(self, user: User) -> Self:
        """Return the openings that still give the user access: of today, and made with today's roles."""
        return self.filter(user=user, session_epoch=user.session_epoch, ends_at__gt=timezone.now())


class ColleagueOpening(models.Model):
    """A colleague in the same project opened a course with a reason (docs/privacy.md).

    The project leader sees it. It gives access to the course until `ends_at`, and ends at once when a role of
    the user is given or taken or the account is closed: `session_epoch` is a copy of the user's.
    """

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="openings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"), max_length=text_limits.REASON)
    opened_at = models.DateTimeField(auto_now_add=True)
    ends_at = models.DateTimeField()
    session_epoch = models.PositiveIntegerField(default=0, editable=False)

    objects = ColleagueOpeningQuerySet.as_manager()
    jobfirst_append_only = True

    class Meta:
        ordering = ["-opened_at"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="cases_opening_reason")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.course_id} {self.opened_at}"
