"""How the citizen of a course is reached."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from cases.models.course import Course
from jobfirst.kit.phones import MAX_LENGTH, is_phone_number
from jobfirst.models import Record


@tracked()
class CitizenContact(Record):
    """Phone, e-mail, address, interpreter and next of kin of a course's citizen.

    It belongs to the course and so to one project: what another project knows of the citizen is not changed
    (D39). Of a protected address (D51) `cases.policy` says who sees it.
    """

    course = models.OneToOneField(Course, on_delete=models.CASCADE, related_name="citizen_contact")
    phone = models.CharField(_("phone"), max_length=MAX_LENGTH, blank=True, validators=[is_phone_number])
    email = models.EmailField(_("e-mail"), blank=True)
    address = models.TextField(_("address"), max_length=300, blank=True)
    has_protected_address = models.BooleanField(_("protected address"), default=False)
    interpreter_language = models.CharField(_("interpreter: language"), max_length=60, blank=True)
    kin_name = models.CharField(_("next of kin: name"), max_length=150, blank=True)
    kin_relation = models.CharField(_("next of kin: relation"), max_length=60, blank=True)
    kin_phone = models.CharField(
        _("next of kin: phone"), max_length=MAX_LENGTH, blank=True, validators=[is_phone_number]
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
