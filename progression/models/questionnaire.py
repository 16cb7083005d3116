"""The questionnaires of the progression tool, in versions: categories, questions and scales (D23, D36)."""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from jobfirst.models import Record
from jobfirst.values import text_limits
from progression.models.triggers import final_when_published, only_in_drafts, question_fits, step_fits

#: The code of the questionnaire that citizen and mentor answer together (D23).
TOOL = "progression"
#: The code of the annex of the work agreement, which company and citizen answer apart (D16).
ANNEX = "annex"

#: The highest step that a scale can have.
HIGHEST_STEP = 10

CODE = RegexValidator(r"^[a-z][a-z0-9_]*$", _("Write small letters a-z, digits and underscores."))


def in_reader_language(danish: str, english: str) -> str:
    """Return the text in the language of the reader."""
    return danish if get_language() == "da" else english


class Rater(models.TextChoices):
    """Who gives an answer."""

    CITIZEN = "citizen", _("Citizen")
    MENTOR = "mentor", _("Mentor")
    COMPANY_CONTACT = "company_contact", _("Contact person")


@tracked()
class Questionnaire(models.Model):
    """A questionnaire by its code; what it asks is in its versions."""

    code = models.CharField(_("code"), max_length=50, unique=True, validators=[CODE])

    class Meta:
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class QuestionnaireVersionQuerySet(models.QuerySet["QuestionnaireVersion"]):
    def of(self, questionnaire: str) -> Self:
        """Return the versions of the questionnaire with this code."""
        return self.filter(questionnaire__code=questionnaire)

    def published(self) -> Self:
        """Return the versions that are published, the latest first."""
        return self.filter(published_at__isnull=False).order_by("-valid_from")

    def in_force(self, day: datetime.date) -> Self:
        """Return the published versions that have begun by the day; of a questionnaire the first one is in
        force."""
        return self.published().filter(valid_from__lte=day)


@tracked()
class QuestionnaireVersion(Record):
    """A version of a questionnaire: a draft, or published and in force from a day until the next one.

    A published version never changes, so that answers keep the words they were given to.
    """

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    valid_from = models.DateField(_("in force from"), null=True, blank=True)
    published_at = models.DateTimeField(null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    change_note = models.TextField(_("what is changed, and why"), max_length=text_limits.COMMENT, blank=True)
    is_own_choice = models.BooleanField(_("the project's own wording"), default=True)

    objects = QuestionnaireVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a questionnaire")
        verbose_name_plural = _("versions of questionnaires")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "number"], name="progression_version_number"),
            models.UniqueConstraint(
                fields=["questionnaire", "valid_from"],
                name="progression_version_from",
                violation_error_message=_("Another version is in force from that day."),
            ),
            models.UniqueConstraint(
                fields=["questionnaire"],
                condition=Q(published_at__isnull=True),
                name="progression_version_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, valid_from__isnull=True)
                | Q(published_at__isnull=False, valid_from__isnull=False),
                name="progression_version_published",
            ),
        ]
        triggers = [final_when_published()]

    def __str__(self) -> str:
        return f"{self.questionnaire_id} v{self.number}"

    @property
    def is_draft(self) -> bool:
        """Whether it is not published yet."""
        return self.published_at is None


@tracked()
class Category(models.Model):
    """A category of a version, such as belief in one's own ability to work (D36)."""

    version = models.ForeignKey(QuestionnaireVersion, on_delete=models.CASCADE, related_name="categories")
    code = models.CharField(_("code"), max_length=50, validators=[CODE])
    order = models.PositiveSmallIntegerField(_("order"))
    label_da = models.CharField(_("name in Danish"), max_length=100)
    label_en = models.CharField(_("name in English"), max_length=100)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="progression_category_code"),
            models.CheckConstraint(
                condition=~Q(label_da="") & ~Q(label_en=""), name="progression_category_label"
            ),
        ]
        triggers = only_in_drafts()

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return in_reader_language(self.label_da, self.label_en)


@tracked()
class Scale(models.Model):
    """A scale of a version; its steps have words (D56)."""

    version = models.ForeignKey(QuestionnaireVersion, on_delete=models.CASCADE, related_name="scales")
    code = models.CharField(_("code"), max_length=50, validators=[CODE])

    class Meta:
        verbose_name = _("scale")
        verbose_name_plural = _("scales")
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="progression_scale_code")]
        triggers = only_in_drafts()

    def __str__(self) -> str:
        return self.code


@tracked()
class ScaleStep(models.Model):
    """A step of a scale with its meaning, the same for everybody (D56)."""

    version = models.ForeignKey(QuestionnaireVersion, on_delete=models.CASCADE, related_name="+")
    scale = models.ForeignKey(Scale, on_delete=models.CASCADE, related_name="steps")
    value = models.PositiveSmallIntegerField(_("step"), validators=[MaxValueValidator(HIGHEST_STEP)])
    words_da = models.CharField(_("in Danish"), max_length=60)
    words_en = models.CharField(_("in English"), max_length=60)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["value"]
        constraints = [
            models.UniqueConstraint(fields=["scale", "value"], name="progression_step_value"),
            models.CheckConstraint(condition=Q(value__lte=HIGHEST_STEP), name="progression_step_range"),
            models.CheckConstraint(
                condition=~Q(words_da="") & ~Q(words_en=""), name="progression_step_words"
            ),
        ]
        triggers = [*only_in_drafts(), step_fits()]

    def __str__(self) -> str:
        return f"{self.value}: {self.words}"

    @property
    def words(self) -> str:
        """The meaning in the reader's language."""
        return in_reader_language(self.words_da, self.words_en)


@tracked()
class Question(models.Model):
    """A question of a version: its category, its scale, and whom the pages ask.

    The company's wording is that of the annex (D16); empty where the company is asked as the citizen is.
    """

    version = models.ForeignKey(QuestionnaireVersion, on_delete=models.CASCADE, related_name="questions")
    category = models.ForeignKey(
        Category, on_delete=models.CASCADE, related_name="questions", verbose_name=_("category")
    )
    scale = models.ForeignKey(
        Scale, on_delete=models.CASCADE, related_name="questions", verbose_name=_("scale")
    )
    code = models.CharField(_("code"), max_length=50, validators=[CODE])
    order = models.PositiveSmallIntegerField(_("order"))
    text_da = models.CharField(_("question in Danish"), max_length=300)
    text_en = models.CharField(_("question in English"), max_length=300)
    company_text_da = models.CharField(_("to the company, in Danish"), max_length=300, blank=True)
    company_text_en = models.CharField(_("to the company, in English"), max_length=300, blank=True)
    asked_of = ArrayField(models.CharField(max_length=20, choices=Rater), verbose_name=_("who answers"))

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["category__order", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="progression_question_code"),
            models.CheckConstraint(
                condition=~Q(text_da="") & ~Q(text_en=""), name="progression_question_text"
            ),
            models.CheckConstraint(
                condition=Q(asked_of__len__gt=0, asked_of__contained_by=Rater.values),
                name="progression_question_asked_of",
                violation_error_message=_("Choose who answers."),
            ),
        ]
        triggers = [*only_in_drafts(), question_fits()]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The question in the reader's language."""
        return in_reader_language(self.text_da, self.text_en)

    def text_to(self, rater: str) -> str:
        """Return the question as it is put to the rater, in the reader's language."""
        if rater != Rater.COMPANY_CONTACT:
            return self.text
        return in_reader_language(self.company_text_da or self.text_da, self.company_text_en or self.text_en)
