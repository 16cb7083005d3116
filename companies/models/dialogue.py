"""The dialogue with a company about a citizen, on the way to a match (D13, D14)."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from audit.history import tracked
from cases.models import Course
from companies.models.company import Company, Workplace
from companies.models.openings import JobOpening
from companies.models.placement import Match
from companies.rules.dialogues import OPEN_STEPS
from jobfirst.encryption.encrypted_text import EncryptedTextField
from jobfirst.models import Record
from jobfirst.values import text_limits


class DialogueStep(models.TextChoices):
    """The steps in order; the last one says that it came to nothing."""

    CONTACTED = "contacted", _("Contacted")
    VISIT = "visit", _("Company visit")
    OFFER = "offer", pgettext_lazy("dialogue", "Offer")
    MATCH = "match", _("Match")
    ENDED = "ended", pgettext_lazy("dialogue", "Came to nothing")


class NoMatchReason(models.TextChoices):
    """Why a dialogue came to nothing."""

    COMPANY_DECLINED = "company_declined", _("The company says no")
    NO_ANSWER = "no_answer", _("The company does not answer")
    CITIZEN_DECLINED = "citizen_declined", _("The citizen does not want to")
    UNSUITABLE = "unsuitable", _("The tasks do not suit the citizen")
    MATCHED_ELSEWHERE = "matched_elsewhere", _("The citizen is matched with another company")
    COURSE_ENDED = "course_ended", _("The course has ended")
    OTHER = "other", _("Other")


class DialogueQuerySet(models.QuerySet["Dialogue"]):
    def visible_to(self, user: User) -> Self:
        """Return the dialogues of the courses that the user may see."""
        return self.filter(course_id__in=Course.objects.visible_to(user).values("pk"))

    def going_on(self) -> Self:
        """Return the dialogues that have neither led to a match nor come to nothing."""
        return self.filter(step__in=OPEN_STEPS)

    def next_first(self) -> Self:
        """Order by the day of what is next; those without one last, the longest untouched first."""
        return self.order_by(F("next_on").asc(nulls_last=True), "step_on", "pk")


@tracked()
class Dialogue(Record):
    """The dialogue with a company about a citizen. One per company and course; it may be taken up again.

    `opening` is the project's opening that it is about, `workplace` that of the opening; both may be unknown.
    `step`, `step_on` and what is next are those of the newest entry; `companies.matching.entries` keeps them
    so. They stand here too, so that a list reads one table.
    """

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="dialogues")
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="dialogues", verbose_name=_("company")
    )
    workplace = models.ForeignKey(
        Workplace,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="dialogues",
        verbose_name=_("workplace"),
    )
    opening = models.ForeignKey(
        JobOpening,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="dialogues",
        verbose_name=_("job opening"),
    )
    job_function = models.CharField(_("job function"), max_length=150, blank=True)
    step = models.CharField(_("step"), max_length=10, choices=DialogueStep)
    step_on = models.DateField(_("day of the step"))
    next_action = models.CharField(_("next step"), max_length=200, blank=True)
    next_on = models.DateField(_("day of the next step"), null=True, blank=True)
    match = models.ForeignKey(
        Match, null=True, blank=True, on_delete=models.PROTECT, related_name="dialogues"
    )

    objects = DialogueQuerySet.as_manager()

    class Meta:
        verbose_name = _("dialogue with a company")
        verbose_name_plural = _("dialogues with companies")
        ordering = ["-step_on", "-pk"]
        indexes = [models.Index(fields=["course", "step"], name="companies_dialogue_course")]
        constraints = [
            models.UniqueConstraint(fields=["course", "company"], name="companies_dialogue_once"),
            models.CheckConstraint(
                condition=Q(step=DialogueStep.MATCH, match__isnull=False)
                | ~Q(step=DialogueStep.MATCH) & Q(match__isnull=True),
                name="companies_dialogue_match",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} {self.company_id} {self.step}"

    @property
    def goes_on(self) -> bool:
        """Whether it has neither led to a match nor come to nothing."""
        return self.step in OPEN_STEPS


@tracked()
class DialogueEntry(Record):
    """A step of a dialogue: on which day, by whom, a note, and what is next."""

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="entries")
    step = models.CharField(_("step"), max_length=10, choices=DialogueStep)
    happened_on = models.DateField(_("day"))
    note = EncryptedTextField(_("note"), max_length=text_limits.COMMENT, blank=True)
    reason = models.CharField(_("reason"), max_length=20, choices=NoMatchReason, blank=True)
    next_action = models.CharField(_("next step"), max_length=200, blank=True)
    next_on = models.DateField(_("day of the next step"), null=True, blank=True)
    made_match = models.BooleanField(default=False, editable=False)  # undoing the step removes the match
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("step of a dialogue")
        verbose_name_plural = _("steps of a dialogue")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(step=DialogueStep.ENDED) & ~Q(reason="")
                | ~Q(step=DialogueStep.ENDED) & Q(reason=""),
                name="companies_dialogue_reason",
                violation_error_message=_("Choose why it came to nothing."),
            ),
            models.CheckConstraint(
                condition=Q(next_on__isnull=True) | Q(next_on__gte=F("happened_on")),
                name="companies_dialogue_next",
                violation_error_message=_("The next step must not lie before this one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dialogue_id} {self.step} {self.happened_on}"

    @property
    def course_id(self) -> int:
        """The course of the dialogue: a form that was sent twice is looked up by it (`sent_before`)."""
        return self.dialogue.course_id
