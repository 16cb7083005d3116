"""Forms of companies that were registered twice."""

import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.free_text import NO_PERSON
from companies.forms.companies import valid_cvr
from companies.forms.workplaces import described_workplace
from companies.merging import actions
from companies.merging.lookup import company_by_cvr
from companies.merging.workplaces import merge_workplaces, undo_workplace_merge
from companies.models import Company, CompanyMerge, Workplace, WorkplaceMerge
from companies.models.merge import MergeRecord
from jobfirst.kit.editing import EditFormMixin
from jobfirst.kit.fields import FreeTextField
from jobfirst.kit.forms import DigitsInput, OnceMixin, form_helper
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise  # a name of the type stubs


def workplaces_url(company: Company) -> str:
    """Return the URL of the page on which workplaces of the company are put together and taken apart."""
    return f"{reverse('companies:workplace_merges')}?cvr={company.cvr}"


class TwoCompaniesForm(forms.Form):
    """Choose the two records of a company; the choice is part of the URL."""

    duplicate = forms.CharField(
        label=_("CVR number of the record that is given up"),
        help_text=_("For example a mistyped number, or an old one."),
        max_length=8,
        widget=DigitsInput,
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


MergeT = TypeVar("MergeT", bound=MergeRecord)


class PutTogetherForm(OnceMixin, EditFormMixin, forms.Form, Generic[MergeT]):
    """Put two rows together; a subclass asks how it is known, and names the page that undoes it."""

    submit = _("Put together")
    question: "_StrOrPromise"
    undo_url_name: str

    reason = FreeTextField(
        help_text=NO_PERSON,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = self.question

    def success_message(self, saved: MergeT) -> str:
        """Return the message, with a link to undo the merge."""
        return format_html(
            '{} <a href="{}">{}</a>',
            _("The two are put together."),
            reverse(self.undo_url_name, args=[saved.public_id]),
            _("Undo"),
        )


class MergeForm(PutTogetherForm[CompanyMerge]):
    """Put two records of a company together."""

    title = _("The same company, registered twice")
    intro = _(
        "Everything of the one record moves to the other. Its number then leads to the company that remains. "
        "It can be undone."
    )
    question = _("How do you know that it is the same company?")
    undo_url_name = "companies:undo_merge"

    def __init__(self, *args: Any, companies: tuple[Company, Company], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.companies = companies

    def save(self, *, by: User, today: datetime.date) -> CompanyMerge:
        """Put the two together."""
        return actions.merge_companies(
            *self.companies, reason=self.cleaned_data["reason"], by=by, submission=self.submission
        )


class CompanyOfWorkplacesForm(forms.Form):
    """Choose the company whose workplaces are registered twice; the choice is part of the URL."""

    cvr = forms.CharField(
        label=_("CVR number"), widget=DigitsInput(attrs={"maxlength": 8}), validators=[valid_cvr]
    )

    @cached_property
    def helper(self) -> FormHelper:
        """The crispy helper that renders the form."""
        helper = form_helper(
            str(_("See the workplaces")), cancel_url=reverse("companies:merges"), method="get"
        )
        helper.disable_csrf = True
        return helper

    def clean_cvr(self) -> Company:
        """Require a registered company: the one that the number leads to."""
        company = company_by_cvr(self.cleaned_data["cvr"])
        if company is None:
            raise forms.ValidationError(_("There is no company with this number."), code="unknown")
        return company


class TwoWorkplacesForm(forms.Form):
    """Choose the workplace that remains; the choice is part of the URL."""

    remaining = forms.ModelChoiceField(
        label=_("Which workplace is it the same as?"),
        queryset=Workplace.objects.none(),
        to_field_name="public_id",
        widget=forms.RadioSelect,
        empty_label=None,
    )

    def __init__(self, *args: Any, duplicate: Workplace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.duplicate = duplicate
        others = duplicate.company.workplaces.exclude(pk=duplicate.pk)
        field = cast(forms.ModelChoiceField, self.fields["remaining"])  # type: ignore[type-arg]  # of the stubs alone
        field.queryset = others.exclude(pk__in=WorkplaceMerge.objects.duplicates())
        field.label_from_instance = described_workplace  # type: ignore[method-assign,assignment]  # as Django documents it

    @cached_property
    def helper(self) -> FormHelper:
        """The crispy helper that renders the form."""
        back_url = workplaces_url(self.duplicate.company)
        helper = form_helper(str(_("See what moves")), cancel_url=back_url, method="get")
        helper.disable_csrf = True
        return helper


class MergeWorkplacesForm(PutTogetherForm[WorkplaceMerge]):
    """Put two workplaces of a company together."""

    title = _("The same workplace, registered twice")
    intro = _(
        "Everything of the one workplace moves to the other, and its P-number leads there. It can be undone."
    )
    question = _("How do you know that it is the same workplace?")
    undo_url_name = "companies:undo_workplace_merge"

    def __init__(self, *args: Any, workplaces: tuple[Workplace, Workplace], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workplaces = workplaces

    def save(self, *, by: User, today: datetime.date) -> WorkplaceMerge:
        """Put the two together."""
        return merge_workplaces(
            *self.workplaces, reason=self.cleaned_data["reason"], by=by, submission=self.submission
        )


class TakenApart(VersionedFormMixin, EditFormMixin):
    """What the forms that undo a merge say alike."""

    submit = _("Undo")
    success = _("What was moved and still stood there is back.")


class UndoWorkplaceMergeForm(TakenApart, ModelForm[WorkplaceMerge]):
    """Take two workplaces of a company apart again."""

    title = _("Take the two workplaces apart")

    class Meta:
        model = WorkplaceMerge
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.intro = _(
            "What came from %(duplicate)s goes back there. What was registered since then stays at "
            "%(remaining)s."
        ) % {"duplicate": self.instance.duplicate, "remaining": self.instance.remaining}

    def save(self, *, by: User, today: datetime.date) -> WorkplaceMerge:
        """Undo the merge."""
        return undo_workplace_merge(self.instance, by=by, version=self.opened_version)


class UndoMergeForm(TakenApart, ModelForm[CompanyMerge]):
    """Take two records of a company apart again."""

    title = _("Take the two companies apart")

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
