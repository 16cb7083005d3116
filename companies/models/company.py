"""Companies by CVR number, and their contact persons."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from jobfirst.models import Record


@tracked()
class Company(models.Model):
    """A company by its CVR number (eight digits, valid check digit). Its name does not affect entitlement."""

    cvr = models.CharField(_("CVR number"), max_length=8, unique=True)
    name = models.CharField(_("name"), max_length=150)
    ordinary_employees = models.PositiveIntegerField(_("ordinary employees"), null=True, blank=True)  # D24
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        ordering = ["name", "cvr"]
        constraints = [
            models.CheckConstraint(condition=Q(cvr__regex=r"^[0-9]{8}$"), name="companies_cvr_digits"),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class CompanyContact(Record):
    """A contact person at the workplace (kontaktperson): no user account."""

    #: The fields that the form has and a work agreement copies.
    DETAILS = ("name", "title", "phone", "email")

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(_("name"), max_length=150)
    title = models.CharField(_("title"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)

    class Meta:
        verbose_name = _("company contact")
        verbose_name_plural = _("company contacts")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
