"""Companies by CVR number, and their workplaces by P-number: the facts of the public register.

They are the same for every project. What a project writes of a company itself stands in `project_rows.py`
and `openings.py`.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from companies.models.search_triggers import search_text_of_company, search_text_of_workplace
from jobfirst.models import Record

POSTAL_CODE = RegexValidator(r"^[0-9]{4}$", _("A postal code has four digits."), "postal_code")
SECTOR_CODE = RegexValidator(r"^[0-9]{6}$", _("A sector code has six digits."), "sector_code")
P_NUMBER = RegexValidator(r"^[0-9]{10}$", _("A P-number has ten digits."), "p_number")


class AddressedRecord(Record):
    """A row with an address and a number of employees, as the register has them."""

    street = models.CharField(_("street and number"), max_length=150, blank=True, default="")
    postal_code = models.CharField(
        _("postal code"), max_length=4, blank=True, default="", validators=[POSTAL_CODE]
    )
    town = models.CharField(_("town"), max_length=60, blank=True, default="")
    ordinary_employees = models.PositiveIntegerField(_("ordinary employees"), null=True, blank=True)  # D24

    class Meta:
        abstract = True

    @property
    def place(self) -> str:
        """Postal code and town, empty while neither is known."""
        return f"{self.postal_code} {self.town}".strip()

    @property
    def address(self) -> str:
        """The address in one line, empty while nothing of it is known."""
        return ", ".join(part for part in (self.street, self.place) if part)


@tracked(exclude=["search_text", "postal_codes"])
class Company(AddressedRecord):
    """A company by its CVR number (eight digits, valid check digit). Its name does not affect entitlement.

    `sector_code` is the register's six-digit sector (branchekode), `sector` its words. `register_read_on` is
    the day on which the facts were last read from the public register, empty when they were typed.
    The database keeps `search_text`, what the company is found by, folded as `jobfirst.values.name_search`,
    and `postal_codes`, those of the company and of its open workplaces.
    """

    cvr = models.CharField(_("CVR number"), max_length=8, unique=True)
    name = models.CharField(_("name"), max_length=150)
    sector_code = models.CharField(
        _("sector code"), max_length=6, blank=True, default="", validators=[SECTOR_CODE]
    )
    sector = models.CharField(_("sector"), max_length=150, blank=True, default="")
    register_read_on = models.DateField(null=True, blank=True, editable=False)
    search_text = models.TextField(default="", editable=False)
    postal_codes = ArrayField(models.CharField(max_length=4), default=list, editable=False)

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        ordering = ["name", "cvr"]
        indexes = [
            models.Index(fields=["name", "cvr"], name="companies_company_name"),
            GinIndex(fields=["postal_codes"], name="companies_company_postal_codes"),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="companies_company_search"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(cvr__regex=r"^[0-9]{8}$"), name="companies_cvr_digits"),
            models.CheckConstraint(
                condition=Q(postal_code__regex=r"^([0-9]{4})?$", sector_code__regex=r"^([0-9]{6})?$"),
                name="companies_company_codes",
            ),
        ]
        triggers = [search_text_of_company()]

    def __str__(self) -> str:
        return self.name


@tracked()
class Workplace(AddressedRecord):
    """A workplace (virksomhedsplads) of a company by its P-number, which is empty while it is not known.

    A company has a P-number once. After a take-over the same P-number may stand under both companies.
    A closed workplace is no longer offered; its placements stay.
    """

    company = models.ForeignKey(
        Company, on_delete=models.CASCADE, related_name="workplaces", verbose_name=_("company")
    )
    p_number = models.CharField(_("P-number"), max_length=10, blank=True, default="", validators=[P_NUMBER])
    name = models.CharField(_("name of the workplace"), max_length=150, blank=True, default="")
    is_closed = models.BooleanField(_("the workplace is closed"), default=False)

    class Meta:
        verbose_name = _("company workplace")
        verbose_name_plural = _("company workplaces")
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["p_number"], name="companies_workplace_p_number"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "p_number"],
                condition=~Q(p_number=""),
                name="companies_workplace_once",
                violation_error_message=_("The company has this P-number already."),
            ),
            models.CheckConstraint(
                condition=Q(p_number__regex=r"^([0-9]{10})?$", postal_code__regex=r"^([0-9]{4})?$"),
                name="companies_workplace_codes",
            ),
        ]
        triggers = [search_text_of_workplace()]

    def __str__(self) -> str:
        return self.name or self.address or self.p_number
