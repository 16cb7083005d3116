"""Forms of the agency: terms, awards, applications. Each begins with what holds now."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import MOST_PARTICIPANTS, Municipality, Project
from cases.free_text import NO_PERSON, without_cpr
from companies.models import PlacementKind
from grants import terms_lock
from grants.models import Application, Award, Category, Element, GrantScheme, Statement
from grants.money import KronerField
from jobfirst.kit.forms import DateInput, DateTimeInput, DecimalInput

FIXED, BUDGET = "fixed_", "budget_"


def _money(label: Any, initial: Any = None) -> KronerField:
    return KronerField(label=label, initial=initial, min_value=0)


def _reason() -> forms.CharField:
    return forms.CharField(
        label=_("Reason"),
        help_text=NO_PERSON,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[without_cpr],
        max_length=1000,
        min_length=3,
    )


class TermsForm(forms.ModelForm):
    """A new row of terms. What stays as in the latest row keeps its mark as the project's own choice."""

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
        model = GrantScheme
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
            "ceiling_share": DecimalInput,
        }
        field_classes = dict.fromkeys(("start_amount", "completion_amount", "fixed_grant"), KronerField)
        localized_fields = ["ceiling_share"]
        help_texts = {"ceiling_share": _("A fraction: 0.9 is 90 per cent.")}

    def __init__(self, data: Any, *, latest: GrantScheme) -> None:
        left_out = {"valid_from", "reason"}
        initial = {name: getattr(latest, name) for name in self.Meta.fields if name not in left_out}
        super().__init__(data, initial=initial)
        self.latest = latest

    def clean(self) -> dict[str, Any]:
        """Refuse a day inside an approved period, unless that is what is meant."""
        cleaned = super().clean() or self.cleaned_data
        if said := self._reaches_back(cleaned):
            self.add_error("valid_from", said)
        return cleaned

    def _reaches_back(self, cleaned: dict[str, Any]) -> str:
        """Why the day may not stand, if it may not."""
        approved = Statement.objects.approved().order_by("cut_off").last()
        day = cleaned.get("valid_from")
        if day and approved and day <= approved.cut_off and not cleaned.get("reaches_back"):
            said = gettext(
                "A statement up to %(day)s is approved. Choose a later day, or tick the box below."
            )
            return said % {"day": approved.cut_off.isoformat()}
        return ""

    @transaction.atomic
    def entered(self) -> GrantScheme:
        """Save the row when no approval is under way; ValidationError when one came first, and when the
        database knows better."""
        terms_lock.alone()
        if said := self._reaches_back(self.cleaned_data):
            raise ValidationError({"valid_from": said})
        changed = set(self.changed_data)
        self.instance.own_choices = [name for name in self.latest.own_choices if name not in changed]
        made: GrantScheme = self.save()
        return made


class AwardForm(forms.Form):
    """An award with a field per municipality of the project and per category of cost."""

    valid_from = forms.DateField(label=_("Valid from"), widget=DateInput)
    target_count = forms.IntegerField(label=_("Target count"), min_value=1, max_value=MOST_PARTICIPANTS)

    def __init__(self, data: Any, *, project: Project) -> None:
        super().__init__(data)
        latest = Award.objects.filter(project=project).prefetch_related("budget", "fixed_grants").first()
        fixed = {row.municipality_id: row.amount for row in latest.fixed_grants.all()} if latest else {}
        budget = {row.category: row.amount for row in latest.budget.all()} if latest else {}
        ceiling = GrantScheme.objects.latest("valid_from").fixed_grant
        self.places = {place.code: place for place in project.municipalities.all()}
        self.fields["target_count"].initial = latest.target_count if latest else project.target_count
        self.fields["valid_from"].initial = None if latest else project.starts_on
        for code, place in self.places.items():
            label = gettext("Fixed grant, %(municipality)s") % {"municipality": place}
            self.fields[f"{FIXED}{code}"] = _money(label, fixed.get(code, ceiling))
        for category in Category:
            label = gettext("Budget: %(category)s") % {"category": category.label}
            field = _money(label, budget.get(category, Decimal(0)))
            self.fields[f"{BUDGET}{category.value}"] = field
        self.fields["reason"] = _reason()

    def fixed(self) -> dict[Municipality, Decimal]:
        """The fixed grant per municipality."""
        return {place: self.cleaned_data[f"{FIXED}{code}"] for code, place in self.places.items()}

    def budget(self) -> dict[str, Decimal]:
        """The budget per category."""
        return {category.value: self.cleaned_data[f"{BUDGET}{category.value}"] for category in Category}


class ApplicationForm(forms.ModelForm):
    """The application as it was received; late or too long is shown, not refused."""

    elements = forms.MultipleChoiceField(
        label=_("Core elements addressed"),
        choices=Element,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    partners = forms.CharField(
        label=_("Joint partners"),
        help_text=NO_PERSON,
        validators=[without_cpr],
        max_length=200,
        required=False,
    )
    reason = _reason()

    class Meta:
        model = Application
        fields = ["received_at", "pages", "budget", "target_count", "elements", "partners", "reason"]
        widgets = {"received_at": DateTimeInput}
        field_classes = {"budget": KronerField}

    def __init__(self, data: Any, *, project: Project) -> None:
        latest = project.applications.first()
        names = ("received_at", "pages", "budget", "target_count", "elements", "partners")
        super().__init__(data, initial={name: getattr(latest, name) for name in names} if latest else {})
        self.project = project

    def entered(self, user: Any) -> Application:
        """Save the record as a new row."""
        self.instance.project, self.instance.entered_by = self.project, user
        made: Application = self.save()
        return made
