"""What a project keeps of a company itself: contact persons, notes, calls, and who knows the company (D39).

No other project sees any of it. Only a contact person of no project, from before contact persons belonged to
projects, is shared by all and changed by none.
"""

from collections.abc import Collection
from typing import Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Project
from audit.history import tracked
from audit.withdrawals import (
    StandingRows,
    Withdrawable,
    WithdrawableQuerySet,
    withdrawn_by_somebody,
)
from companies.models.company import Company
from jobfirst.encryption.encrypted_text import EncryptedTextField
from jobfirst.models import Record
from jobfirst.row_security.rules import OfProject
from jobfirst.values import text_limits

RowT = TypeVar("RowT", bound=models.Model)


class ProjectRowQuerySet(models.QuerySet[RowT]):
    """Rows of companies that belong to projects."""

    def of_projects(self, projects: Collection[int]) -> Self:
        """Return the rows of these projects (ids)."""
        return self.filter(project__in=projects)


class WithdrawableRowQuerySet(ProjectRowQuerySet[RowT], WithdrawableQuerySet[RowT]):  # type: ignore[override]  # of `as_manager`
    """Rows of projects that may be withdrawn."""


class ProjectRow(Record):
    """A row that one project keeps of a company: a subclass has the key of the company."""

    company: models.ForeignKey[Company, Company]
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="+", verbose_name=_("project")
    )

    class Meta:
        abstract = True


class ContactQuerySet(models.QuerySet["CompanyContact"]):
    """Contact persons."""

    def of_projects(self, projects: Collection[int]) -> Self:
        """Return the contact persons of these projects (ids), and those shared by all."""
        return self.filter(Q(project__in=projects) | Q(project__isnull=True))


@tracked()
class CompanyContact(Record):
    """A contact person at the workplace (kontaktperson): no user account.

    Belongs to the project that wrote it down. Without a project it is shared, and cannot be changed.
    """

    #: The fields that the form has and a work agreement copies.
    DETAILS = ("name", "title", "phone", "email")

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="contacts")
    project = models.ForeignKey(
        Project,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("project"),
    )
    name = models.CharField(_("name"), max_length=150)
    title = models.CharField(_("title"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)

    objects = ContactQuerySet.as_manager()

    jobfirst_projects = OfProject("project", also_without=True)

    class Meta:
        verbose_name = _("company contact")
        verbose_name_plural = _("company contacts")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@tracked()
class CompanyNote(Withdrawable, ProjectRow):
    """A note of a project on a company. `objects` and every relation leave out withdrawn ones."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="notes")
    text = EncryptedTextField(_("company note"), max_length=text_limits.NOTE)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = StandingRows.from_queryset(WithdrawableRowQuerySet)()
    everything = WithdrawableRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("company note")
        verbose_name_plural = _("company notes")
        ordering = ["-created_at", "-pk"]
        constraints = [withdrawn_by_somebody("companies_note_withdrawn")]

    def __str__(self) -> str:
        return f"{self.company_id} {self.created_at:%Y-%m-%d}"

    @property
    def author_id(self) -> int | None:
        """Who wrote it down."""
        return self.written_by_id

    @property
    def words(self) -> str:
        """What it says."""
        return self.text


class CallChannel(models.TextChoices):
    PHONE = "phone", _("By phone")
    MAIL = "mail", _("By e-mail")
    VISIT = "visit", _("Visit at the company")


@tracked()
class CompanyCall(Withdrawable, ProjectRow):
    """That somebody of a project talked with a company: when, with whom, what was said, and what is next.

    `objects` and every relation leave out withdrawn ones.
    """

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="calls")
    called_on = models.DateField(_("day of the call"))
    channel = models.CharField(
        _("how the company was reached"), max_length=10, choices=CallChannel, default=CallChannel.PHONE
    )
    contact = models.ForeignKey(
        CompanyContact,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("contact person"),
    )
    summary = EncryptedTextField(_("what was said"), max_length=text_limits.NOTE)
    next_step = models.CharField(_("next step"), max_length=200, blank=True, default="")
    next_on = models.DateField(_("day of the next step"), null=True, blank=True)
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = StandingRows.from_queryset(WithdrawableRowQuerySet)()
    everything = WithdrawableRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("call to a company")
        verbose_name_plural = _("calls to companies")
        ordering = ["-called_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(next_on__isnull=True) | ~Q(next_step=""),
                name="companies_call_next_step",
                violation_error_message=_("Say what is to be done on that day."),
            ),
            withdrawn_by_somebody("companies_call_withdrawn"),
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.called_on}"

    @property
    def author_id(self) -> int | None:
        """Who wrote it down."""
        return self.called_by_id

    @property
    def words(self) -> str:
        """What it says."""
        return self.summary


@tracked()
class CompanyAcquaintance(ProjectRow):
    """That a user knows the company, and how: the one to ask before somebody else calls."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="acquaintances")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    how = models.CharField(_("how you know the company"), max_length=150, blank=True, default="")

    objects = ProjectRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("acquaintance with a company")
        verbose_name_plural = _("acquaintances with companies")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "project", "user"], name="companies_acquaintance_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.company_id}"
