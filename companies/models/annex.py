"""The answers to the annex of a work agreement (D16): the company's and the citizen's, apart."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from cases.models import Course
from companies.models.placement import Placement
from companies.models.project_rows import CompanyContact
from jobfirst.encryption.encrypted_text import EncryptedTextField
from jobfirst.models import Record
from jobfirst.values import text_limits
from progression.models import Question, QuestionnaireVersion, Rater
from progression.models.triggers import answers_fit


class AnnexParty(models.TextChoices):
    """Who answers."""

    COMPANY = "company", _("Company")
    CITIZEN = "citizen", _("Citizen")

    @property
    def rater(self) -> Rater:
        """The same as the progression tool names it; the question's wording follows from it."""
        return Rater.COMPANY_CONTACT if self is AnnexParty.COMPANY else Rater.CITIZEN


class AnnexChannel(models.TextChoices):
    """How an answer came in."""

    LINK = "link", _("By link")
    TOGETHER = "together", _("Together with the mentor")
    PHONE = "phone", _("By phone")


@tracked()
class AnnexReply(Record):
    """What one party answered on a day. It belongs to the meeting that follows (`progression.rules`).

    `answered_by_name` is a copy: the contact person, or who said it on the phone. `correction` says why the
    answers were changed afterwards; the history keeps the earlier ones.
    """

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="annex_replies")
    party = models.CharField(_("who answers"), max_length=10, choices=AnnexParty)
    questionnaire_version = models.ForeignKey(
        QuestionnaireVersion, on_delete=models.PROTECT, related_name="annex_replies"
    )
    answered_on = models.DateField(_("answered on"))
    channel = models.CharField(_("how it came"), max_length=10, choices=AnnexChannel)
    answered_by_name = models.CharField(_("who said it"), max_length=150)
    contact = models.ForeignKey(
        CompanyContact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    comment = EncryptedTextField(_("comment"), max_length=text_limits.REASON, blank=True)
    correction = EncryptedTextField(_("why it is corrected"), max_length=text_limits.REASON, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("answers to the annex")
        verbose_name_plural = _("answers to the annexes")
        ordering = ["-answered_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "party", "answered_on"], name="companies_annex_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(party=AnnexParty.COMPANY, channel__in=[AnnexChannel.LINK, AnnexChannel.PHONE])
                | Q(party=AnnexParty.CITIZEN, channel__in=[AnnexChannel.LINK, AnnexChannel.TOGETHER]),
                name="companies_annex_channel",
            ),
            models.CheckConstraint(
                condition=~Q(answered_by_name="")
                & (Q(channel=AnnexChannel.LINK) | Q(entered_by__isnull=False)),
                name="companies_annex_by_whom",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="stays", fields=["placement", "party", "questionnaire_version", "answered_on", "channel"]
            ),
            pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.placement_id} {self.party} {self.answered_on}"

    @property
    def course(self) -> Course:
        """The course that it belongs to."""
        return self.placement.course


# The answers of a reply are written together.
@tracked(level=pgtrigger.Statement)
class AnnexAnswer(models.Model):
    """An answer to a question: a step of its scale; no value for "don't know"."""

    reply = models.ForeignKey(AnnexReply, on_delete=models.PROTECT, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    value = models.PositiveSmallIntegerField(_("answer"), null=True, blank=True)

    class Meta:
        verbose_name = _("answer to the annex")
        verbose_name_plural = _("single answers to the annex")
        ordering = ["question__category__order", "question__order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["reply", "question"], name="companies_annex_answer_once")
        ]
        triggers = [
            *answers_fit("companies_annexreply", "reply"),
            pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.reply_id} {self.question_id}"
