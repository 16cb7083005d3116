"""A person's preferences for digests, reminders that are put off, and the calendar's address."""

import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from jobfirst.models import Record
from reminders.models.digest import Reminder

EARLIEST_HOUR, LATEST_HOUR = 7, 12
WEEKDAYS = [1, 2, 3, 4, 5]


def every_weekday() -> list[int]:
    """Return Monday to Friday, as ISO weekdays."""
    return list(WEEKDAYS)


def is_some_weekdays(value: list[int]) -> None:
    """Refuse an empty list and days of the weekend."""
    if not value or not set(value) <= set(WEEKDAYS):
        raise ValidationError(_("Choose at least one day from Monday to Friday."), code="weekdays")


class DigestPreference(models.Model):
    """When and how a person gets the digest. Without a row: by mail, every working day at 7:00 (D33).

    What the programme demands (`DeadlineKind.demanded`) comes by mail on every working day all the same.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    by_mail = models.BooleanField(default=True)
    hour = models.PositiveSmallIntegerField(default=EARLIEST_HOUR)
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(), default=every_weekday, validators=[is_some_weekdays]
    )

    class Meta:
        verbose_name = _("preference of the digest")
        verbose_name_plural = _("preferences of the digest")
        constraints = [
            models.CheckConstraint(
                condition=Q(hour__gte=EARLIEST_HOUR, hour__lte=LATEST_HOUR), name="reminders_preference_hour"
            ),
            models.CheckConstraint(
                condition=Q(weekdays__len__gt=0, weekdays__contained_by=WEEKDAYS),
                name="reminders_preference_weekdays",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.hour} {self.weekdays}"


class SnoozeQuerySet(models.QuerySet["Snooze"]):
    def running(self, on: datetime.date) -> "SnoozeQuerySet":
        """Those by which a person is not told on the day; at most one of a reminder."""
        return self.filter(closed_at__isnull=True, from_on__lte=on, until_on__gt=on)

    def of(self, user: User) -> "SnoozeQuerySet":
        """Those of a person, with their reminders."""
        return self.filter(reminder__recipient=user).select_related("reminder")


class Snooze(Record):
    """A reminder that its recipient put off until a day, with a reason; the project's leader sees both.

    The deadline stays as it is, and so does what the leader is told. On `until_on` the recipient is told
    again. `closed_at` is the moment of that, or of putting it off anew.
    """

    reminder = models.ForeignKey(Reminder, on_delete=models.CASCADE, related_name="snoozes")
    from_on = models.DateField()
    until_on = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=200)
    closed_at = models.DateTimeField(null=True)

    objects = SnoozeQuerySet.as_manager()

    class Meta:
        verbose_name = _("postponed reminder")
        verbose_name_plural = _("postponed reminders")
        ordering = ["-until_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reminder"], condition=Q(closed_at__isnull=True), name="reminders_snooze_once"
            ),
            models.CheckConstraint(condition=Q(until_on__gt=F("from_on")), name="reminders_snooze_order"),
            models.CheckConstraint(condition=~Q(reason=""), name="reminders_snooze_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.reminder_id} {self.until_on}"


class CalendarFeed(models.Model):
    """The private address of a person's calendar: only the hash of its token is stored.

    A new address replaces the old one; without a row there is none.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")

    def __str__(self) -> str:
        return f"{self.user_id}"
