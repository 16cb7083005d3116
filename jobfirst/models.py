"""Base classes of tables, and the row that stores the installation's mode."""

import datetime
import uuid
from typing import Self, TypeVar

import pgtrigger
from django.contrib.postgres.fields import DateRangeField, RangeBoundary
from django.db import models
from django.utils.translation import gettext_lazy as _


def append_only() -> list[pgtrigger.Trigger]:
    """Return triggers that refuse changes and removals of rows, whoever asks.

    Use with the class attribute `jobfirst_append_only`, which denies both rights to the application's role.
    """
    return [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


def only_growing() -> list[pgtrigger.Trigger]:
    """Return the triggers of `append_only`, and one that refuses TRUNCATE even to the table's owner."""
    return [
        *append_only(),
        pgtrigger.Trigger(
            name="never_emptied",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
        ),
    ]


RowT = TypeVar("RowT", bound=models.Model)


class DatedQuerySet(models.QuerySet[RowT]):
    """Rows with a `valid_from`, each in force until the next one."""

    def begun(self, day: datetime.date) -> Self:
        """Return the rows that have begun by the day, the one in force first."""
        return self.filter(valid_from__lte=day).order_by("-valid_from")

    def in_force_or_first(self, day: datetime.date) -> RowT:
        """Return the row in force on the day; before the first row, the first. DoesNotExist without any."""
        return self.begun(day).first() or self.earliest("valid_from")


class DateRange(models.Func):
    """PostgreSQL's daterange(from, until, bounds)."""

    function = "DATERANGE"
    output_field = DateRangeField()


#: The bounds of a `DateRange` that includes both of its days.
CLOSED = RangeBoundary(inclusive_lower=True, inclusive_upper=True)


class Record(models.Model):
    """A row that users create and change in forms.

    `public_id` is the only id shown outside. `version` counts saves, for detecting stale forms. `submission`
    is the token of the form that made the row: the same form sent twice makes one row.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    submission = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class Erasable(models.Model):
    """A row that stays, emptied, when the rules of retention erase its person or paper: on which day."""

    erased_on = models.DateField(_("erased on"), null=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_erased(self) -> bool:
        """Whether the rules of retention erased what the row was about."""
        return self.erased_on is not None


class Installation(models.Model):
    """The mode (rehearsal or real), stored by the first migration and protected by the database."""

    mode = models.CharField(max_length=10, choices=[("rehearsal", "rehearsal"), ("real", "real")])
    set_up_at = models.DateTimeField(auto_now_add=True)

    jobfirst_append_only = True

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="jobfirst_one_installation"),
            models.CheckConstraint(
                condition=models.Q(mode__in=["rehearsal", "real"]), name="jobfirst_installation_mode"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="mode_is_final", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.mode


class MuteChange(models.Model):
    """That the system was muted, or sends again, and in which database (`jobfirst.messaging.mute`)."""

    is_muted = models.BooleanField()
    database = models.CharField(max_length=60)
    reason = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField(auto_now_add=True)

    jobfirst_append_only = True

    class Meta:
        ordering = ["-pk"]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.changed_at:%Y-%m-%d}: {'muted' if self.is_muted else 'sends'}"


class StoredCheck(models.Model):
    """That stored rows of a name were compared with the facts (`jobfirst.stored.checks`), and the outcome."""

    name = models.CharField(max_length=40)
    checked_at = models.DateTimeField(auto_now_add=True)
    differences = models.PositiveIntegerField()
    repaired = models.BooleanField()

    jobfirst_append_only = True

    class Meta:
        ordering = ["-checked_at", "name"]
        indexes = [models.Index(fields=["name", "-checked_at"], name="jobfirst_storedcheck_last")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.name} {self.checked_at:%Y-%m-%d}: {self.differences}"
