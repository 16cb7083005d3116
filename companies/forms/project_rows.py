"""Forms of what a project keeps of a company itself (D39)."""

import datetime
from typing import Any, TypeVar, cast

from crispy_forms.layout import Layout, Row
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Project, User
from cases.actions.corrections import REASON
from cases.forms.corrections import ReasonFormMixin, RestoreRowForm, WithdrawRowForm
from cases.free_text import NO_PERSON
from companies.actions import project_rows as actions
from companies.models import (
    Company,
    CompanyAcquaintance,
    CompanyCall,
    CompanyContact,
    CompanyNote,
    JobOpening,
    ProjectRow,
    Workplace,
    WorkTime,
)
from jobfirst import mode
from jobfirst.kit.editing import EditFormMixin
from jobfirst.kit.fields import HoursField
from jobfirst.kit.forms import DateInput, OnceMixin
from jobfirst.kit.layout import Folded
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin

RowT = TypeVar("RowT", bound=ProjectRow)


class ProjectRowFormMixin(forms.BaseForm):
    """A form of a row that belongs to a project: who writes for several of them chooses which.

    The row of an `instance` that is stored stays with its project.
    """

    def __init__(self, *args: Any, projects: QuerySet[Project], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        instance = self.instance  # type: ignore[attr-defined]  # of the model form
        self._projects = [instance.project] if instance.pk else list(projects)
        if len(self._projects) > 1:
            self.fields["project"] = forms.ModelChoiceField(
                label=_("Project"), queryset=projects, empty_label=_("Choose")
            )
            self.order_fields(["project", *self.fields])

    @property
    def chosen_project(self) -> Project:
        """The project that the row belongs to."""
        return cast(Project, self.cleaned_data.get("project") or self._projects[0])

    @property
    def project_ids(self) -> list[int]:
        """The ids of the projects that the row may belong to."""
        return [project.pk for project in self._projects]

    @property
    def project_field(self) -> list[str]:
        """The field of the project, for a layout; empty where there is nothing to choose."""
        return ["project"] if "project" in self.fields else []


class ProjectRowForm(
    OnceMixin, VersionedFormMixin, ReasonFormMixin, ProjectRowFormMixin, EditFormMixin, ModelForm[Any]
):
    """Base of the forms that make or correct a note, a call or an opening. No citizen is named in any."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.intro = self.instance.company.name
        is_correction = self.instance.pk and isinstance(self.instance, CompanyNote | CompanyCall)
        self.ask_reason(is_needed=is_correction and not actions.is_slip_of_row(self.instance, user))

    @property
    def written(self) -> dict[str, Any]:
        """The values of the model's fields on the form."""
        return {name: self.cleaned_data[name] for name in self._meta.fields}

    def corrected(self, by: User) -> Any:
        """Correct the stored row."""
        return actions.correct_row(
            self.instance, self.written, version=self.opened_version, by=by, reason=self.reason
        )

    @property
    def reason_field(self) -> list[str]:
        """The field of the reason, for a layout; empty where none is asked for."""
        return [REASON] if REASON in self.fields else []


class CompanyNoteForm(ProjectRowForm):
    """A note of the project on a company."""

    title = _("Note on the company")
    success = _("The note is saved.")

    class Meta:
        model = CompanyNote
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
        labels = {"text": _("Note")}
        help_texts = {"text": NO_PERSON}

    def save(self, *, by: User, today: datetime.date) -> CompanyNote:
        """Write or correct the note."""
        if self.instance.pk:
            return cast(CompanyNote, self.corrected(by))
        return actions.write_note(
            self.instance.company,
            self.cleaned_data["text"],
            project=self.chosen_project,
            by=by,
            submission=self.submission,
        )


class CompanyCallForm(ProjectRowForm):
    """A call to a company: when, with whom, what was said, and what is next."""

    title = _("Contact with the company")
    success = _("The contact with the company is saved.")

    class Meta:
        model = CompanyCall
        fields = ["called_on", "channel", "contact", "summary", "next_step", "next_on"]
        widgets = {
            "called_on": DateInput,
            "next_on": DateInput,
            "summary": forms.Textarea(attrs={"rows": 3}),
        }
        labels = {"called_on": _("Day"), "channel": _("How")}
        help_texts = {"summary": NO_PERSON}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contacts = CompanyContact.objects.filter(company=self.instance.company)
        field = cast(forms.ModelChoiceField, self.fields["contact"])  # type: ignore[type-arg]  # of the stubs alone
        field.queryset = contacts.of_projects(self.project_ids)
        next_step = Row("next_step", "next_on")
        self.layout = Layout(
            *self.project_field,
            Row("called_on", "channel"),
            "contact",
            "summary",
            next_step,
            *self.reason_field,
        )

    def clean(self) -> dict[str, Any]:
        """Refuse a day ahead, and a day of a next step without the step."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("next_on") and not cleaned.get("next_step"):
            self.add_error("next_step", _("Say what is to be done on that day."))
        return cleaned

    def save(self, *, by: User, today: datetime.date) -> CompanyCall:
        """Record or correct the call."""
        latest = mode.last_day_allowed(today)
        if latest is not None and self.cleaned_data["called_on"] > latest:
            raise forms.ValidationError({"called_on": _("The day lies in the future.")})
        if self.instance.pk:
            return cast(CompanyCall, self.corrected(by))
        return actions.record_call(
            self.instance.company,
            self.written,
            project=self.chosen_project,
            by=by,
            submission=self.submission,
        )


class JobOpeningForm(ProjectRowForm):
    """An opening at a company: what a citizen could do there."""

    title = _("Job opening")
    success = _("The job opening is saved.")

    hours = HoursField(label=_("Hours a week"), required=False)
    times = forms.MultipleChoiceField(
        label=_("When can the work lie?"),
        help_text=_("Compared with the citizens' accommodations. Leave it empty while you do not know."),
        choices=WorkTime,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = JobOpening
        fields = [
            "job_function",
            "workplace",
            "tasks",
            "hours",
            "times",
            "places",
            "accommodations",
            "from_on",
            "until_on",
        ]
        widgets = {
            "tasks": forms.Textarea(attrs={"rows": 3}),
            "accommodations": forms.Textarea(attrs={"rows": 2}),
            "from_on": DateInput,
            "until_on": DateInput,
        }
        help_texts = {
            "accommodations": _("For example quiet, breaks, short days, no lifting."),
            "until_on": _("When the opening is gone: write its last day here."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_ones = Workplace.objects.filter(company=self.instance.company, is_closed=False)
        field = cast(forms.ModelChoiceField, self.fields["workplace"])  # type: ignore[type-arg]  # of the stubs alone
        field.queryset = open_ones
        workplace = ["workplace"] if open_ones else []
        if not workplace:
            field.widget = forms.HiddenInput()
        days = Folded(_("From and until"), "from_on", "until_on")
        self.layout = Layout(
            *self.project_field,
            "job_function",
            *workplace,
            "tasks",
            Row("hours", "places"),
            "times",
            "accommodations",
            days,
        )

    def clean_hours(self) -> Any:
        """Return no hours for an empty field: they are not known then."""
        return self.cleaned_data["hours"] or None

    def save(self, *, by: User, today: datetime.date) -> JobOpening:
        """Note or correct the opening."""
        if self.instance.pk:
            return cast(JobOpening, self.corrected(by))
        return actions.note_opening(
            self.instance.company,
            self.written,
            project=self.chosen_project,
            by=by,
            submission=self.submission,
        )


class AcquaintanceForm(ProjectRowFormMixin, EditFormMixin, ModelForm[CompanyAcquaintance]):
    """That one knows the company oneself."""

    title = _("I know the company")
    success = _("It stands on the company's page that you know it.")

    class Meta:
        model = CompanyAcquaintance
        fields = ["how"]
        help_texts = {"how": _("For example: a citizen of mine was there, or I have worked there.")}

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.company = company
        self.intro = company.name

    def save(self, *, by: User, today: datetime.date) -> CompanyAcquaintance:
        """Record it."""
        return actions.know_company(
            self.company, self.cleaned_data["how"], project=self.chosen_project, by=by
        )


class WithdrawProjectRowForm(WithdrawRowForm):
    """Withdraw a note on a company, or a contact with it, that was entered in error."""

    title = _("Entered in error")

    def act(self, *, by: User, today: datetime.date) -> None:
        """Withdraw the row."""
        actions.withdraw_row(self.row, by=by, reason=self.withdrawn_because, version=self.version_seen)


class RestoreProjectRowForm(RestoreRowForm):
    """Let a note or a call stand again."""

    def act(self, *, by: User, today: datetime.date) -> None:
        """Let it stand again."""
        actions.restore_row(self.row, by=by, reason=self.reason, version=self.version_seen)
