"""Forms of the agency: terms, awards and applications, prefilled with the latest values."""

import datetime
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import MOST_PARTICIPANTS, Municipality, Project, User
from cases.free_text import NO_PERSON
from companies.models import PlacementKind
from grants.awards import actions
from grants.awards.actions import FIXED, AwardSeen
from grants.models import Application, Award, CoreElement, CostCategory, GrantTerms, Statement
from grants.models.terms import MOST_KRONER
from jobfirst.kit import validators
from jobfirst.kit.confirmations import ConfirmationsMixin, differs_much
from jobfirst.kit.days import short_date
from jobfirst.kit.editing import EditFormMixin
from jobfirst.kit.fields import DayField, FreeTextField
from jobfirst.kit.forms import DateInput, DateTimeInput, OnceMixin
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin
from jobfirst.values import text_limits
from jobfirst.values.money import KronerField, written
from jobfirst.values.percent import PercentField

BUDGET = "budget_"
AMOUNTS = ("start_amount", "completion_amount", "fixed_grant")
#: The days from which terms may hold: from the start of the trial on, at most this many years ahead.
FIRST_TERMS, AHEAD = datetime.date(2015, 1, 1), relativedelta(years=5)
MOST_PAGES = 1000
#: The least and the most days of a completion and of a tolerance.
COMPLETION, TOLERANCE = (1, 400), (0, 31)


def _money(label: str, initial: Decimal | None = None) -> KronerField:
    return KronerField(label=label, initial=initial, min_value=0)


def _reason() -> forms.CharField:
    return FreeTextField(
        label=_("Reason"),
        help_text=NO_PERSON,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=text_limits.REASON,
        min_length=3,
    )


class TermsForm(ConfirmationsMixin, VersionedFormMixin, EditFormMixin, ModelForm[GrantTerms]):
    """A new row of terms, prefilled from the terms in force, `now`.

    Unchanged values keep their mark as the project's own choice; an unusual amount needs a confirmation.
    """

    title = _("New terms of the grant")
    intro = _("They hold from the day you state. Earlier events keep the terms of their own day.")
    submit = _("Enter the terms")
    success = _("The terms are entered.")

    reason = _reason()

    counting_kinds = forms.MultipleChoiceField(
        label=_("Kinds that count"), choices=PlacementKind, widget=forms.CheckboxSelectMultiple
    )
    reaches_back = forms.BooleanField(
        label=_("The terms may reach back into a period that is approved already"),
        help_text=_("What was approved stays; the differences show as adjustments in the next statements."),
        required=False,
    )

    class Meta:
        model = GrantTerms
        fields = [
            "valid_from",
            "start_amount",
            "completion_amount",
            "completion_days",
            "tolerance_days",
            "bridge_non_working_days",
            "counting_kinds",
            "ceiling_share",
            "fixed_grant",
            "reason",
        ]
        widgets = {
            "valid_from": DateInput,
        }
        field_classes = {
            **dict.fromkeys(AMOUNTS, KronerField),
            "ceiling_share": PercentField,
        }
        help_texts = {"ceiling_share": _("In percent, such as 90.")}

    def __init__(self, data: QueryDict | None, *, now: GrantTerms, today: datetime.date) -> None:
        not_copied = {"valid_from", "reason"}
        initial = {name: getattr(now, name) for name in self.Meta.fields if name not in not_copied}
        super().__init__(data, initial=initial, version=GrantTerms.objects.count())
        self.now = now
        self.fields["valid_from"].validators += validators.days_between(FIRST_TERMS, today + AHEAD)
        self.fields["completion_days"].validators = validators.whole_between(*COMPLETION)
        self.fields["tolerance_days"].validators = validators.whole_between(*TOLERANCE)
        for name in ("start_amount", "completion_amount"):
            self.fields[name].validators += validators.kroner_between(0, MOST_KRONER)
        self.fields["fixed_grant"].validators += validators.kroner_between(0)
        self.add_difference_confirmation()

    def clean(self) -> dict[str, Any]:
        """Refuse a day that has terms already, or in an approved period without `reaches_back`."""
        cleaned = super().clean() or self.cleaned_data
        if objection := self._objection_to_day(cleaned):
            self.add_error("valid_from", objection)
        values = [name for name in (*AMOUNTS, "ceiling_share") if name in cleaned]
        unusual = [name for name in values if differs_much(getattr(self.now, name), cleaned[name])]
        self.confirm_differences(
            [f"{self.fields[name].label} ({self._written_now(name)})" for name in unusual]
        )
        return cleaned

    def _written_now(self, name: str) -> str:
        value = getattr(self.now, name)
        return written(value) if name in AMOUNTS else f"{number_format(value * 100, 0)} %"

    def _objection_to_day(self, cleaned: dict[str, Any]) -> str:
        """Return why the day is refused; empty when it is not."""
        day = cleaned.get("valid_from")
        if day and GrantTerms.objects.filter(valid_from=day).exists():
            return gettext("There are terms from %(day)s already.") % {"day": date_format(day, "DATE_FORMAT")}
        approved = Statement.objects.approved().order_by("cut_off").last()
        if day and approved and day <= approved.cut_off and not cleaned.get("reaches_back"):
            text = gettext(
                "A statement up to %(day)s is approved. Choose a later day, or tick the box below."
            )
            return text % {"day": short_date(approved.cut_off)}
        return ""

    def save(self, *, by: User, today: datetime.date) -> GrantTerms:
        """Enter the terms; the day is checked again under the lock on the terms."""
        changed = set(self.changed_data)
        self.instance.own_choices = [name for name in self.now.own_choices if name not in changed]
        return actions.enter_terms(
            self.instance,
            objection_to_day=lambda: self._objection_to_day(self.cleaned_data),
            version=self.opened_version,
        )


class AwardForm(ConfirmationsMixin, EditFormMixin, forms.Form):
    """An award with a field per municipality of the project and per category of cost.

    Each field shows the value of the award before; an unusual target count or budget needs a confirmation.
    """

    submit = _("Enter the award")
    success = _("The award is entered.")

    valid_from = DayField(label=_("Valid from"), widget=DateInput)
    target_count = forms.IntegerField(
        label=_("Target count"),
        validators=validators.whole_between(1, MOST_PARTICIPANTS),
        widget=forms.NumberInput,
    )

    def __init__(self, data: QueryDict | None, *, project: Project, today: datetime.date) -> None:
        super().__init__(data)
        self.project = project
        self.fields["seen"] = forms.IntegerField(required=False, widget=forms.HiddenInput)
        self.title = gettext("New award: %(project)s") % {"project": project}
        latest = Award.objects.filter(project=project).prefetch_related("budget", "fixed_grants").first()
        fixed = {row.municipality_id: row.amount for row in latest.fixed_grants.all()} if latest else {}
        budget = {row.category: row.amount for row in latest.budget.all()} if latest else {}
        ceiling = GrantTerms.objects.in_force_or_first(today).fixed_grant
        self.fields["seen"].initial = latest.pk if latest else None
        self.target_before = latest.target_count if latest else project.target_count
        self.budget_before = sum(budget.values(), Decimal(0))
        self.places = {place.code: place for place in project.municipalities.all()}
        self.fields["target_count"].initial = self.target_before
        self.fields["valid_from"].initial = None if latest else project.starts_on
        for code, place in self.places.items():
            label = gettext("Fixed grant, %(municipality)s") % {"municipality": place}
            self.fields[f"{FIXED}{code}"] = _money(label, fixed.get(code, ceiling))
        for category in CostCategory:
            label = gettext("Budget: %(category)s") % {"category": category.label}
            field = _money(label, budget.get(category, Decimal(0)))
            self.fields[f"{BUDGET}{category.value}"] = field
        if latest:
            self._show_before(latest, fixed, budget, today)
        self.fields["reason"] = _reason()
        self.add_difference_confirmation()

    def _show_before(
        self, latest: Award, fixed: dict[str, Decimal], budget: dict[str, Decimal], today: datetime.date
    ) -> None:
        """Show beside each field its value in the latest award, and from when that holds."""
        before = {"target_count": number_format(latest.target_count, 0, force_grouping=True)}
        before |= {f"{FIXED}{code}": written(fixed[code]) for code in self.places if code in fixed}
        before |= {f"{BUDGET}{category}": written(amount) for category, amount in budget.items()}
        day = short_date(latest.valid_from)
        now = gettext("Now: %(value)s") if latest.valid_from <= today else gettext("From %(day)s: %(value)s")
        for name, value in before.items():
            self.fields[name].help_text = now % {"day": day, "value": value}

    def clean(self) -> dict[str, Any]:
        """Ask for a confirmation of values that differ by more than half from before."""
        cleaned = super().clean() or self.cleaned_data
        unusual_values = []
        if "target_count" in cleaned and differs_much(
            Decimal(self.target_before), Decimal(cleaned["target_count"])
        ):
            before = number_format(self.target_before, 0, force_grouping=True)
            unusual_values.append(f"{self.fields['target_count'].label} ({before})")
        names = [f"{BUDGET}{category.value}" for category in CostCategory]
        total = sum((cleaned.get(name, Decimal(0)) for name in names), Decimal(0))
        if all(name in cleaned for name in names) and differs_much(self.budget_before, total):
            unusual_values.append(
                gettext("the budget in all (%(amount)s)") % {"amount": written(self.budget_before)}
            )
        self.confirm_differences(unusual_values)
        return cleaned

    def fixed(self) -> dict[Municipality, Decimal]:
        """Return the fixed grant per municipality."""
        return {place: self.cleaned_data[f"{FIXED}{code}"] for code, place in self.places.items()}

    def budget(self) -> dict[str, Decimal]:
        """Return the budget per category."""
        return {category.value: self.cleaned_data[f"{BUDGET}{category.value}"] for category in CostCategory}

    def save(self, *, by: User, today: datetime.date) -> Award:
        """Enter the award."""
        return actions.enter_award(
            self.project,
            self.cleaned_data["valid_from"],
            self.cleaned_data["target_count"],
            by,
            reason=self.cleaned_data["reason"],
            fixed=self.fixed(),
            budget=self.budget(),
            seen=AwardSeen(self.cleaned_data["seen"]),
        )


class ApplicationForm(OnceMixin, VersionedFormMixin, EditFormMixin, ModelForm[Application]):
    """The application as it was received. One that is late or too long is marked, not refused (D32)."""

    submit = _("Record the application")
    success = _("The application is recorded.")

    elements = forms.MultipleChoiceField(
        label=_("Core elements addressed"),
        choices=CoreElement,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    partners = FreeTextField(
        label=_("Joint partners"),
        help_text=NO_PERSON,
        max_length=200,
        required=False,
    )
    reason = _reason()

    class Meta:
        model = Application
        fields = ["received_at", "pages", "budget", "target_count", "elements", "partners", "reason"]
        widgets = {"received_at": DateTimeInput}
        field_classes = {"budget": KronerField}

    def __init__(self, data: QueryDict | None, *, project: Project, now: datetime.datetime) -> None:
        latest = project.applications.first()
        names = ("received_at", "pages", "budget", "target_count", "elements", "partners")
        initial = {name: getattr(latest, name) for name in names} if latest else {}
        super().__init__(data, initial=initial, version=project.applications.count())
        self.project, self.now = project, now
        self.title = gettext("Application: %(project)s") % {"project": project}
        self.fields["target_count"].validators = validators.whole_between(1, MOST_PARTICIPANTS)
        self.fields["pages"].validators = validators.whole_between(1, MOST_PAGES)
        self.fields["budget"].validators += validators.kroner_between(0)

    def clean_received_at(self) -> datetime.datetime:
        """Refuse a moment in the future."""
        received: datetime.datetime = self.cleaned_data["received_at"]
        if received > self.now:
            raise ValidationError(gettext("The day must not be in the future."))
        return received

    def save(self, *, by: User, today: datetime.date) -> Application:
        """Record the application as a new row."""
        return actions.enter_application(
            self.project,
            {name: self.cleaned_data[name] for name in self.Meta.fields},
            by,
            version=self.opened_version,
            submission=self.submission,
        )
