"""The answers to a questionnaire, a sheet for each time, and the categories selected for a citizen (D23)."""

from typing import Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, Max, Min, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from cases.models import Course
from jobfirst.encryption.encrypted_text import EncryptedTextField
from jobfirst.models import Record
from jobfirst.values import text_limits
from progression.models.questionnaire import Question, QuestionnaireVersion, Rater, ScaleStep
from progression.models.triggers import answer_triggers
from progression.rules.progress import ScaledValue


class SheetState(models.TextChoices):
    BEGUN = "begun", _("Begun")
    FINISHED = "finished", _("Finished")


class AnswerSheetQuerySet(models.QuerySet["AnswerSheet"]):
    def begun(self) -> Self:
        """Return the sheets that are not finished."""
        return self.filter(state=SheetState.BEGUN)

    def finished(self) -> Self:
        """Return the finished sheets, the latest first."""
        return self.filter(state=SheetState.FINISHED).order_by("-answered_on", "-pk")

    def of_review(self) -> Self:
        """Return the finished sheets that citizen or mentor has answered: those a meeting needs (D23).

        A sheet with answers of the company's contact person alone is not one.
        """
        answers = Answer.objects.filter(sheet=OuterRef("pk"), rater__in=[Rater.CITIZEN, Rater.MENTOR])
        return self.finished().filter(Exists(answers))


@tracked()
class AnswerSheet(Record):
    """The answers of one time. `answered_on` is the day it was finished; while it is begun, the day of that.

    It keeps the version of the questionnaire it was begun with.
    """

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="answer_sheets")
    questionnaire_version = models.ForeignKey(
        QuestionnaireVersion, on_delete=models.PROTECT, related_name="sheets"
    )
    state = models.CharField(_("state"), max_length=10, choices=SheetState, default=SheetState.BEGUN)
    answered_on = models.DateField(_("answered on"))
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    finished_at = models.DateTimeField(null=True, editable=False)

    objects = AnswerSheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("answers")
        verbose_name_plural = _("answers")
        ordering = ["-answered_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["course"],
                condition=Q(state=SheetState.BEGUN),
                name="progression_sheet_one_begun",
            ),
            models.UniqueConstraint(
                fields=["course", "questionnaire_version", "answered_on"],
                condition=Q(state=SheetState.FINISHED),
                name="progression_sheet_one_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state=SheetState.BEGUN, finished_at__isnull=True, finished_by__isnull=True)
                | Q(state=SheetState.FINISHED, finished_at__isnull=False),
                name="progression_sheet_finished",
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="life", field="state", transitions=[("begun", "finished")]),
            pgtrigger.ReadOnly(name="stays", fields=["course", "questionnaire_version"]),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} {self.answered_on}"

    @property
    def is_finished(self) -> bool:
        """Whether all has been answered, and the answers count."""
        return self.state == SheetState.FINISHED


class AnswerQuerySet(models.QuerySet["Answer"]):
    def with_bounds(self) -> Self:
        """Add `lowest` and `highest`, the bounds of the question's scale, in the same query."""
        steps = ScaleStep.objects.filter(scale=OuterRef("question__scale")).order_by().values("scale")
        return self.annotate(
            lowest=Subquery(steps.annotate(bound=Min("value")).values("bound")),
            highest=Subquery(steps.annotate(bound=Max("value")).values("bound")),
        )


# Answers are written a sheet at a time, or many sheets.
@tracked(level=pgtrigger.Statement)
class Answer(Record):
    """An answer to a question: a step of its scale, or "not now" (no value).

    `reason` says why it differs from the answer before (D56). `correction` says why it was changed after the
    sheet was finished; the history keeps the earlier value.
    """

    sheet = models.ForeignKey(AnswerSheet, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    rater = models.CharField(_("who answers"), max_length=20, choices=Rater)
    value = models.PositiveSmallIntegerField(_("answer"), null=True, blank=True)
    reason = EncryptedTextField(_("why it has changed"), max_length=text_limits.REASON, blank=True)
    correction = EncryptedTextField(_("why it is corrected"), max_length=text_limits.REASON, blank=True)

    # Only on rows of `AnswerQuerySet.with_bounds`.
    lowest: int
    highest: int

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["question__category__order", "question__order", "rater"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "question", "rater"], name="progression_answer_once"),
            models.CheckConstraint(condition=Q(rater__in=Rater.values), name="progression_answer_rater"),
        ]
        triggers = answer_triggers()

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.question_id}"

    @property
    def scaled(self) -> ScaledValue | None:
        """The step with the bounds of its scale; None for "not now". Needs `with_bounds`."""
        return None if self.value is None else ScaledValue(self.value, self.lowest, self.highest)


@tracked()
class CategorySelection(Record):
    """The categories that are selected for the citizen, by code: they stay selected in later versions (D23).

    While none is selected, all of them count.
    """

    course = models.OneToOneField(Course, on_delete=models.CASCADE, related_name="category_selection")
    codes = ArrayField(models.CharField(max_length=50), default=list, blank=True)
    selected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("selected categories")
        verbose_name_plural = _("selected categories")

    def __str__(self) -> str:
        return f"{self.course_id}"
