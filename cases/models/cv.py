"""The citizen's CV: entries in parts, what its print shows, and when it was seen through (D10, D18)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from cases.models.course import Course
from cases.rules.cv import RoughMonth, rough_month
from jobfirst.encryption.encrypted_text import EncryptedTextField
from jobfirst.models import Record
from jobfirst.values import text_limits
from jobfirst.values.dates import EARLIEST, LATEST


class CvPart(models.TextChoices):
    """The parts of a CV, in the order of the page and the print."""

    EXPERIENCE = "experience", _("Work experience")
    EDUCATION = "education", _("Education")
    TRAINING = "training", _("Training courses")
    LANGUAGE = "language", _("Languages")
    LICENCE = "licence", _("Driving licences and certificates")
    OTHER = "other", _("Other")


class LanguageLevel(models.TextChoices):
    NATIVE = "native", _("Native language")
    FLUENT = "fluent", _("Fluent")
    GOOD = "good", _("Good")
    SOME = "some", _("A little")


@tracked()
class Cv(Record):
    """What holds for the CV as a whole; made with its first entry.

    `changed_on` is the day on which an entry was last added, changed, moved or removed. The ticks say what of
    the citizen's contact information the print shows.
    """

    course = models.OneToOneField(Course, on_delete=models.CASCADE, related_name="cv")
    changed_on = models.DateField(_("changed on"), null=True, blank=True)
    shows_phone = models.BooleanField(_("shows the phone number"), default=False)
    shows_email = models.BooleanField(_("shows the e-mail address"), default=False)

    class Meta:
        verbose_name = _("CV")
        verbose_name_plural = _("CVs")

    def __str__(self) -> str:
        return f"{self.course_id}"


def _within_the_calendar(name: str) -> models.CheckConstraint:
    """Return the constraint of a year and its month: both readable, no month without a year."""
    year, month = f"{name}_year", f"{name}_month"
    return models.CheckConstraint(
        condition=Q(**{f"{year}__isnull": True, f"{month}__isnull": True})
        | (
            Q(**{f"{year}__isnull": False})
            & Q(**{f"{year}__range": (EARLIEST.year, LATEST.year)})
            & (Q(**{f"{month}__isnull": True}) | Q(**{f"{month}__range": (1, 12)}))
        ),
        name=f"cases_cv_entry_{name}",
        violation_error_message=_("Write the year, too."),
    )


@tracked()
class CvEntry(Record):
    """An entry of a part of the CV, at its place in the part. Its days may be months, years or unknown."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="cv_entries")
    part = models.CharField(_("part"), max_length=10, choices=CvPart)
    position = models.PositiveSmallIntegerField(_("place in the part"))
    title = models.CharField(_("title"), max_length=150)
    place = models.CharField(_("place"), max_length=150, blank=True)
    from_year = models.PositiveSmallIntegerField(_("from: year"), null=True, blank=True)
    from_month = models.PositiveSmallIntegerField(_("from: month"), null=True, blank=True)
    until_year = models.PositiveSmallIntegerField(_("until: year"), null=True, blank=True)
    until_month = models.PositiveSmallIntegerField(_("until: month"), null=True, blank=True)
    is_current = models.BooleanField(_("goes on"), default=False)
    level = models.CharField(_("level"), max_length=10, choices=LanguageLevel, blank=True)
    description = EncryptedTextField(_("description"), max_length=text_limits.COMMENT, blank=True)

    class Meta:
        verbose_name = _("CV entry")
        verbose_name_plural = _("CV entries")
        ordering = ["part", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "part", "position"],
                name="cases_cv_entry_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(condition=~Q(title=""), name="cases_cv_entry_title"),
            models.CheckConstraint(
                condition=Q(level="") | Q(part=CvPart.LANGUAGE), name="cases_cv_entry_level"
            ),
            _within_the_calendar("from"),
            _within_the_calendar("until"),
            models.CheckConstraint(
                condition=Q(until_year__isnull=True)
                | Q(from_year__isnull=True)
                | Q(until_year__gt=F("from_year"))
                | (
                    Q(until_year=F("from_year"))
                    & (
                        Q(until_month__isnull=True)
                        | Q(from_month__isnull=True)
                        | Q(until_month__gte=F("from_month"))
                    )
                ),
                name="cases_cv_entry_order",
                violation_error_message=_("The end must not be before the start."),
            ),
            models.CheckConstraint(
                condition=Q(is_current=False) | Q(until_year__isnull=True),
                name="cases_cv_entry_current",
                violation_error_message=_("What still goes on has no end yet."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} {self.part} {self.position}"

    @property
    def begins(self) -> RoughMonth | None:
        """When it began; None when nobody remembers."""
        return rough_month(self.from_year, self.from_month)

    @property
    def ends(self) -> RoughMonth | None:
        """When it ended; None when it goes on or nobody remembers."""
        return rough_month(self.until_year, self.until_month)


@tracked()
class CvReview(Record):
    """The CV was seen through with the citizen on a day (D18)."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="cv_reviews")
    seen_on = models.DateField(_("seen through on"))
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("review of the CV")
        verbose_name_plural = _("reviews of the CV")
        ordering = ["-seen_on"]
        constraints = [
            models.UniqueConstraint(fields=["course", "seen_on"], name="cases_cv_review_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.course_id} {self.seen_on}"
