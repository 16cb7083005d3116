"""What the public register of companies answered last about a company, with the day."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from companies.models.company import Company
from companies.register.facts import RegisterFacts


@tracked()
class RegisterEntry(models.Model):
    """The register's facts of a company as of `fetched_on`; apart from what people typed."""

    company = models.OneToOneField(Company, on_delete=models.CASCADE, related_name="register_entry")
    fetched_on = models.DateField(_("fetched on"))
    facts = models.JSONField()  # of `RegisterFacts.as_data`

    class Meta:
        verbose_name = _("facts of the company register")
        verbose_name_plural = _("facts of the company register")

    def __str__(self) -> str:
        return f"{self.company_id} {self.fetched_on}"

    def as_values(self) -> RegisterFacts:
        """Return the facts as plain values."""
        return RegisterFacts.from_data(self.facts)
