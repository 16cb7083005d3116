"""The citizen's word on a plan (D55)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models import Course
from jobfirst.encryption.encrypted_text import EncryptedTextField
from jobfirst.models import Record, append_only
from jobfirst.values import text_limits
from plans.models.job import PlanForJob


class PlanSubject(models.TextChoices):
    """What the citizen has a word on; the values stand in addresses."""

    ACTIVITY_PLAN = "aktivitetsplan", _("Activity plan")
    PLAN_FOR_JOB = "plan-for-job", _("Plan for job")


class WordAnswer(models.TextChoices):
    AGREES = "agrees", _("Agrees")
    DISAGREES = "disagrees", _("Disagrees")
    COULD_NOT_ANSWER = "could_not_answer", _("Could not answer")


class CitizenWord(Record):
    """What the citizen said of the activity plan, or of a version of the plan for job, on a day.

    Never changed: who answers otherwise later gives a new word, and the newest one counts.
    """

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="citizen_words")
    subject = models.CharField(max_length=20, choices=PlanSubject)
    plan = models.ForeignKey(PlanForJob, null=True, on_delete=models.PROTECT, related_name="words")
    answer = models.CharField(_("What does the citizen say?"), max_length=20, choices=WordAnswer)
    why = EncryptedTextField(_("why"), max_length=text_limits.COMMENT, blank=True)
    said_on = models.DateField(_("day"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_by_name = models.CharField(max_length=254, blank=True, editable=False)

    jobfirst_append_only = True

    class Meta:
        verbose_name = _("the citizen's word")
        verbose_name_plural = _("the citizen's words")
        ordering = ["-said_on", "-pk"]
        indexes = [models.Index(fields=["course", "-said_on"], name="plans_word_course")]
        constraints = [
            models.CheckConstraint(
                condition=Q(subject=PlanSubject.ACTIVITY_PLAN, plan__isnull=True)
                | Q(subject=PlanSubject.PLAN_FOR_JOB, plan__isnull=False),
                name="plans_word_subject",
            ),
            models.CheckConstraint(
                condition=~Q(answer=WordAnswer.DISAGREES) | ~Q(why=""),
                name="plans_word_why",
                violation_error_message=_("Write why the citizen disagrees."),
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.course_id} {self.subject} {self.said_on}"
