"""Forms that are filled from the public register of companies."""

import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.db import transaction
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from companies.forms.companies import NewCompanyForm
from companies.models import Company, Workplace
from companies.register.actions import (
    WorkplaceCorrection,
    company_facts,
    differing_workplaces,
    take_facts,
)
from companies.register.client import is_register_on
from companies.register.facts import RegisterFacts
from companies.register.lookup import completed
from jobfirst.kit.editing import EditFormMixin
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin

#: More workplaces than these are not offered at once; the company's own page takes P-numbers one by one.
MOST_WORKPLACES = 100
#: The name of the button that asks the register.
FETCH = "fetch"


def fetch_button() -> Submit:
    """Return the button that asks the register, and saves nothing."""
    return Submit(FETCH, gettext("Fetch from CVR"), css_class="button-secondary")


def fetched_words(facts: RegisterFacts) -> str:
    """Return when the facts were fetched."""
    return gettext("Fetched from CVR on %(day)s.") % {"day": date_format(facts.fetched_on)}


class FetchedCompanyForm(NewCompanyForm):
    """Register a company; the register fills what is left empty.

    What the register says besides name and employees is stored along when the company is saved.
    """

    @cached_property
    def helper(self) -> FormHelper:
        """The helper of the form, with a button that asks the register when there is one."""
        helper = super().helper
        if is_register_on():
            helper.add_input(fetch_button())
        return helper

    def differences(self, facts: RegisterFacts) -> list[str]:
        """Return where the register says something else than what was typed."""
        values = company_facts(facts)
        return [
            gettext("%(field)s: CVR has “%(value)s”.") % {"field": bound.label, "value": values[bound.name]}
            for bound in self.visible_fields()
            if bound.name in values and str(bound.value() or "") not in ("", str(values[bound.name]))
        ]

    @transaction.atomic
    def save(self, *, by: User, today: datetime.date) -> Company:
        """Register the company, with the facts that the register has answered a moment ago."""
        return completed(super().save(by=by, today=today))


class RegisterFactsForm(VersionedFormMixin, EditFormMixin, ModelForm[Company]):
    """Choose what the company takes over from the register. Empty facts are chosen, typed ones are not."""

    title = _("Facts from CVR")
    submit = _("Take over what is ticked")
    success = _("The facts are taken over.")

    names = forms.MultipleChoiceField(
        label=_("What differs"), required=False, widget=forms.CheckboxSelectMultiple
    )
    p_numbers = forms.MultipleChoiceField(
        label=_("Workplaces that are not registered here"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    corrections = forms.MultipleChoiceField(
        label=_("Workplaces that differ, or are closed in CVR"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Company
        fields: list[str] = []

    def __init__(self, *args: Any, facts: RegisterFacts, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facts = facts
        self.intro = f"{self.instance}, CVR {self.instance.cvr}. {fetched_words(facts)}"
        self._offer(
            "names", self._differing(), {name for name in company_facts(facts) if self._is_empty(name)}
        )
        stored = set(self.instance.workplaces.values_list("p_number", flat=True))
        workplaces = [
            (row.p_number, f"{row.name}, {row.address}, {row.postal_code} {row.town} (P {row.p_number})")
            for row in facts.workplaces
            if not row.is_closed and row.p_number not in stored
        ]
        self._offer("p_numbers", workplaces[:MOST_WORKPLACES], set())
        differing = differing_workplaces(self.instance, facts)
        self._corrections = {correction.key: correction for correction in differing}
        empty = {key for key, correction in self._corrections.items() if correction.current in ("", None)}
        choices = [(key, _in_words(correction)) for key, correction in self._corrections.items()]
        self._offer("corrections", choices, empty)
        if set(self.fields) == {"version"}:
            self.intro = " ".join([str(self.intro), gettext("Nothing differs.")])
            self.submit = _("Note the day")

    def _offer(self, name: str, choices: list[tuple[str, str]], initial: set[str]) -> None:
        """Give the field its choices; leave it out when there are none."""
        if not choices:
            del self.fields[name]
            return
        field = self.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = choices
        field.initial = [value for value, _words in choices if value in initial]

    def _is_empty(self, name: str) -> bool:
        return getattr(self.instance, name) in (None, "")

    def _differing(self) -> list[tuple[str, str]]:
        """Return the facts that differ from the company's: what stands here, and what the register says."""
        rows = []
        for name, value in company_facts(self.facts).items():
            current = getattr(self.instance, name)
            if current != value:
                label = Company._meta.get_field(name).verbose_name  # type: ignore[union-attr]  # no relation
                words = gettext("%(field)s: here “%(current)s”, CVR “%(value)s”")
                here = "–" if self._is_empty(name) else current
                rows.append((name, words % {"field": label, "current": here, "value": value}))
        return rows

    def save(self, *, by: User, today: datetime.date) -> Company:
        """Take over what is ticked."""
        return take_facts(
            self.instance,
            self.facts,
            names=self.cleaned_data.get("names", []),
            p_numbers=self.cleaned_data.get("p_numbers", []),
            corrections=[self._corrections[key] for key in self.cleaned_data.get("corrections", [])],
            version=self.opened_version,
        )


def _in_words(correction: WorkplaceCorrection) -> str:
    """Return what stands here, and what the register says, of a workplace."""
    workplace = f"{correction.workplace} (P {correction.workplace.p_number})"
    if correction.field == "is_closed":
        return gettext("Close %(workplace)s: it is closed in CVR") % {"workplace": workplace}
    label = Workplace._meta.get_field(correction.field).verbose_name  # type: ignore[union-attr]  # no relation
    words = gettext("%(field)s: here “%(current)s”, CVR “%(value)s”") % {
        "field": label,
        "current": "–" if correction.current in ("", None) else correction.current,
        "value": correction.value,
    }
    return f"{workplace}, {words}"
