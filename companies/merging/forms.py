"""Forms of companies that were registered twice."""

import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.free_text import NO_PERSON, without_cpr
from companies.forms.companies import valid_cvr
from companies.merging import actions
from companies.models import Company, CompanyMerge
from jobfirst.kit.editing import EditFormMixin
from jobfirst.kit.forms import DigitsInput, OnceMixin, form_helper
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin


class TwoCompaniesForm(forms.Form):
    """Choose the two records of a company; the choice is part of the URL."""

    duplicate = forms.CharField(
        label=_("CVR number of the record that is given up"),
        help_text=_("For example a mistyped number, or an old one."),
        widget=DigitsInput(attrs={"maxlength": 8}),
    )
    remaining = forms.CharField(
        label=_("CVR number of the company that remains"),
        widget=DigitsInput(attrs={"maxlength": 8}),
        validators=[valid_cvr],
    )

    @cached_property
    def helper(self) -> FormHelper:
        """The crispy helper that renders the form."""
        helper = form_helper(str(_("See what moves")), cancel_url=reverse("companies:merges"), method="get")
        helper.disable_csrf = True
        return helper

    def clean_duplicate(self) -> Company:
        """Require a registered company; its number may be wrong."""
        return self._registered("duplicate")

    def clean_remaining(self) -> Company:
        """Require a registered company."""
        return self._registered("remaining")

    def _registered(self, name: str) -> Company:
        company = Company.objects.filter(cvr=self.cleaned_data[name]).first()
        if company is None:
            raise forms.ValidationError(_("There is no company with this number."), code="unknown")
        return company

    @property
    def companies(self) -> tuple[Company, Company]:
        """The record that is given up and the one that remains, of a valid form."""
        return self.cleaned_data["duplicate"], self.cleaned_data["remaining"]


class MergeForm(OnceMixin, EditFormMixin, forms.Form):
    """Put two records of a company together."""

    title = _("The same company, registered twice")
    intro = _(
        "Everything of the one record moves to the other. Its number then leads to the company that remains. "
        "It can be undone."
    )
    submit = _("Put together")

    reason = forms.CharField(
        label=_("How do you know that it is the same company?"),
        help_text=NO_PERSON,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
        validators=[without_cpr],
    )

    def __init__(self, *args: Any, companies: tuple[Company, Company], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.companies = companies

    def save(self, *, by: User, today: datetime.date) -> CompanyMerge:
        """Put the two together."""
        return actions.merge_companies(
            *self.companies, reason=self.cleaned_data["reason"], by=by, submission=self.submission
        )

    def success_message(self, saved: CompanyMerge) -> str:
        """Return the message, with a link to undo the merge."""
        return format_html(
            '{} <a href="{}">{}</a>',
            _("The two are put together."),
            reverse("companies:undo_merge", args=[saved.public_id]),
            _("Undo"),
        )


class UndoMergeForm(VersionedFormMixin, EditFormMixin, ModelForm[CompanyMerge]):
    """Take two records of a company apart again."""

    title = _("Take the two companies apart")
    submit = _("Undo")
    success = _("What was moved and still stood there is back.")

    class Meta:
        model = CompanyMerge
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        merge = self.instance
        self.intro = _(
            "What came from %(duplicate)s (CVR %(cvr)s) goes back there. What was registered since then "
            "stays at %(remaining)s."
        ) % {"duplicate": merge.duplicate, "cvr": merge.duplicate.cvr, "remaining": merge.remaining}

    def save(self, *, by: User, today: datetime.date) -> CompanyMerge:
        """Undo the merge."""
        return actions.undo_merge(self.instance, by=by, version=self.opened_version)
