"""What is owed (D33, D34): stored once, with the facts it follows from; everybody reads these rows."""

import datetime
from collections.abc import Collection, Iterator
from dataclasses import fields
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce, Mod
from django.utils.translation import gettext_lazy as _

from accounts.models import Project
from jobfirst.values.dates import DateSpan
from reminders.rules.due_dates import DueDate


class SubjectType(models.TextChoices):
    """What a reminder is about. The engine knows only the key: a course's public id, a project's slug."""

    COURSE = "course", _("Course")
    PROJECT = "project", _("Project")


class _DaysBetween(Func):
    """The number of days from the second date to the first."""

    template = "(%(expressions)s)"
    arg_joiner = " - "
    output_field = models.IntegerField()


class _DaysLater(Func):
    """The date a number of days after a date."""

    template = "(%(expressions)s)"
    arg_joiner = " + "
    output_field = models.DateField()


#: For what is due once: longer than any two days of the system lie apart.
_NEVER_AGAIN = 100_000


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def shown_on(self, day: datetime.date) -> "models.QuerySet[Any, Any]":
        """Those shown on the day, with `due` (what is due then) added; of a series the one of that day."""
        since = _DaysBetween(Value(day, models.DateField()), F("shown_from"))
        every = Coalesce(F("every_days"), _NEVER_AGAIN)
        return (
            self.filter(Q(shown_to__isnull=True) | Q(shown_to__gte=day), shown_from__lte=day)
            .alias(since=since, every=every)
            .filter(Q(shown_days__isnull=True) | Q(shown_days__gt=Mod(F("since"), F("every"))))
            .annotate(due=_DaysLater(F("due_on"), F("since") / F("every") * F("every")))
        )

    def unsettled_on(self, day: datetime.date) -> "DeadlineQuerySet":
        """Those that are shown on the day or later: not done, and not past."""
        return self.filter(Q(shown_to__isnull=True) | Q(shown_to__gte=day))

    def open_within(self, span: DateSpan, on: datetime.date) -> Iterator["Deadline"]:
        """Yield what falls due within the span (which has a last day) and is not settled on the day.

        Of a series each time as a row of its own, not stored: whoever plans ahead looks here, before the day
        from which it is shown.
        """
        rows = self.unsettled_on(on).filter(
            Q(every_days__isnull=False) | Q(due_on__gte=span.first), due_on__lte=span.last_day
        )
        for row in rows:
            for due_date in row.due_date.occurrences(span):
                if not due_date.is_settled_on(on):
                    yield row.at(due_date)

    def of_subjects(self, subject_type: str, subjects: Collection[str]) -> "DeadlineQuerySet":
        """Those about the subjects."""
        return self.filter(subject_type=subject_type, subject__in=subjects)


class Deadline(models.Model):
    """What is owed about a subject: when it is due, and on which days it is shown.

    A row follows from facts alone; `reminders.deadlines` writes it in the transaction that changes them. With
    `every_days` it repeats (`reminders.rules.due_dates`). Whoever holds one of the `functions` on the day is
    to act or to know; who that is, is looked up when telling.
    """

    kind = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=10, choices=SubjectType)
    subject = models.CharField(max_length=50)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    functions = ArrayField(models.CharField(max_length=30))
    due_on = models.DateField()
    shown_from = models.DateField()
    shown_to = models.DateField(null=True)
    every_days = models.PositiveSmallIntegerField(null=True)
    shown_days = models.PositiveSmallIntegerField(null=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        ordering = ["due_on", "kind", "subject", "pk"]
        indexes = [
            models.Index(fields=["subject_type", "subject", "kind"], name="reminders_deadline_subject"),
            models.Index(fields=["project", "kind", "shown_from"], name="reminders_deadline_project"),
            models.Index(fields=["shown_to", "shown_from"], name="reminders_deadline_shown"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_type", "subject", "due_on", "shown_from"],
                name="reminders_deadline_once",
            ),
            models.CheckConstraint(
                condition=Q(shown_to__isnull=True) | Q(shown_to__gte=F("shown_from")),
                name="reminders_deadline_shown_once",
            ),
            models.CheckConstraint(
                condition=Q(every_days__isnull=True, shown_days__isnull=True)
                | Q(every_days__isnull=False, shown_days__isnull=False)
                & Q(every_days__gte=F("shown_days"), shown_days__gt=0),
                name="reminders_deadline_series",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.due_on}"

    def at(self, due_date: DueDate) -> "Deadline":
        """Return a copy that is due as given, for reading."""
        return Deadline(
            pk=self.pk,
            kind=self.kind,
            subject_type=self.subject_type,
            subject=self.subject,
            project_id=self.project_id,
            functions=self.functions,
            **vars(due_date),
        )

    @property
    def due_date(self) -> DueDate:
        """The due date as a value."""
        return DueDate(**{field.name: getattr(self, field.name) for field in fields(DueDate)})
