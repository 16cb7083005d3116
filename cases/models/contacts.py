"""The weekly contacts between mentor and citizen (D17)."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from audit.withdrawals import (
    StandingRows,
    Withdrawable,
    WithdrawableQuerySet,
    withdrawn_by_somebody,
)
from cases.models.course import Course
from jobfirst.encryption.encrypted_text import EncryptedTextField
from jobfirst.models import Record
from jobfirst.values import text_limits
from jobfirst.values.phone_numbers import MAX_LENGTH, phone_validator


class Channel(models.TextChoices):
    IN_PERSON = "in_person", _("In person")
    PHONE = "phone", _("Phone")
    MESSAGE = "message", _("Text message")
    VIDEO = "video", _("Video")
    UNKNOWN = "unknown", _("Not stated")


class AttemptOutcome(models.TextChoices):
    """What came of an attempt to reach the citizen (D49)."""

    NO_ANSWER = "no_answer", _("No answer")
    WRONG_ADDRESS = "wrong_address", _("Wrong number or address")
    DECLINED = "declined", _("Declined")
    DID_NOT_COME = "did_not_come", _("Did not come")
    OTHER = "other", _("Other")


class MentorContactQuerySet(WithdrawableQuerySet["MentorContact"]):
    def counting(self) -> "MentorContactQuerySet":
        """Return the contacts with the citizen present; an attempt does not count (D17)."""
        return self.filter(citizen_present=True)

    def attempts(self) -> "MentorContactQuerySet":
        """Return the contacts without the citizen: failed attempts (D49)."""
        return self.filter(citizen_present=False)

    def failed_in_row(self, on: datetime.date) -> "MentorContactQuerySet":
        """Return the attempts since the last contact with the citizen, up to the day (D49)."""
        contacts = MentorContact.objects.counting().filter(
            course=OuterRef("course"), held_on__gte=OuterRef("held_on"), held_on__lte=on
        )
        return self.attempts().filter(~Exists(contacts), held_on__lte=on)


@tracked()
class MentorContact(Withdrawable, Record):
    """A contact between mentor and citizen on a day; without the citizen a failed attempt (D49).

    The outcome is that of an attempt; it is empty when it is not known (an import). One that was entered in
    error is withdrawn: the row stays, so that a file that delivers it again does not bring it back (D42).
    `objects` and every relation leave it out, `everything` includes it.
    """

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="contacts")
    held_on = models.DateField(_("date"))
    citizen_present = models.BooleanField(_("the citizen took part"), default=True)
    channel = models.CharField(_("how"), max_length=20, choices=Channel, default=Channel.UNKNOWN)
    outcome = models.CharField(_("outcome"), max_length=20, choices=AttemptOutcome, blank=True)
    note = EncryptedTextField(_("note"), max_length=text_limits.NOTE, blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = StandingRows.from_queryset(MentorContactQuerySet)()
    everything = MentorContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("mentor contact")
        verbose_name_plural = _("mentor contacts")
        ordering = ["-held_on", "-pk"]
        indexes = [models.Index(fields=["course", "-held_on"], name="cases_contact_course")]
        constraints = [
            models.CheckConstraint(
                condition=Q(citizen_present=False) | Q(outcome=""),
                name="cases_contact_outcome",
                violation_error_message=_("Only an attempt without the citizen has an outcome."),
            ),
            withdrawn_by_somebody("cases_contact_withdrawn"),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} {self.held_on}"


@tracked()
class CitizenContact(Record):
    """Phone, e-mail, address, interpreter and next of kin of a course's citizen.

    It belongs to the course and so to one project: what another project knows of the citizen is not changed
    (D39). Of a protected address (D51) `cases.policy` says who sees it.
    """

    course = models.OneToOneField(Course, on_delete=models.CASCADE, related_name="citizen_contact")
    phone = models.CharField(_("phone"), max_length=MAX_LENGTH, blank=True, validators=[phone_validator])
    email = models.EmailField(_("e-mail"), blank=True)
    declines_messages = models.BooleanField(_("wants no messages about meetings"), default=False)  # D53
    address = EncryptedTextField(_("address"), max_length=300, blank=True)
    has_protected_address = models.BooleanField(_("protected address"), default=False)
    interpreter_language = models.CharField(_("interpreter: language"), max_length=60, blank=True)
    kin_name = models.CharField(_("next of kin: name"), max_length=150, blank=True)
    kin_relation = models.CharField(_("next of kin: relation"), max_length=60, blank=True)
    kin_phone = models.CharField(
        _("next of kin: phone"), max_length=MAX_LENGTH, blank=True, validators=[phone_validator]
    )

    class Meta:
        verbose_name = _("contact information")
        verbose_name_plural = _("contact information")
        constraints = [
            models.CheckConstraint(
                condition=~Q(kin_name="") | Q(kin_relation="", kin_phone=""),
                name="cases_citizen_contact_kin",
                violation_error_message=_("Write the name of the next of kin."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course_id}"
