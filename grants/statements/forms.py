"""Forms of statements: choosing and searching one, submitting it, sending it back, paying it."""

import datetime
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Project, User
from cases.free_text import NO_PERSON
from grants.models import SnapshotQuerySet, Statement, StatementState
from grants.models.statement import PENDING
from grants.reckoning.compute import CUT_OFFS, compute, default_cut_off
from grants.reckoning.frame import NoTermsError
from grants.reckoning.statement import StatementView
from grants.statements import actions
from jobfirst import mode
from jobfirst.kit import validators
from jobfirst.kit.editing import EditFormMixin
from jobfirst.kit.fields import DayField, FreeTextField
from jobfirst.kit.forms import DateInput, DigitsInput, OnceMixin
from jobfirst.values import text_limits
from jobfirst.values.dates import DAY
from jobfirst.values.money import written

#: The first and the last year that has a statement.
FIRST_YEAR, LAST_YEAR = CUT_OFFS.first.year, CUT_OFFS.last_day.year


#: How far ahead a payment may lie in a rehearsal.
YEAR = 365 * DAY

#: Reckons the draft of a year up to a cut-off for these projects.
Reckoning = Callable[[int, datetime.date, Iterable[Project]], StatementView]


class StatementForm(forms.Form):
    """Which statement to show. An empty cut-off is 31 December of the year."""

    error_title = _("This cannot be shown")

    year = forms.IntegerField(
        label=_("Year"),
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        widget=DigitsInput(attrs={"class": "jf-short"}),
    )
    cut_off = DayField(
        label=_("Cut-off"),
        required=False,
        validators=validators.days_between(CUT_OFFS.first, CUT_OFFS.last_day),
        widget=DateInput(),
        help_text=_("Empty: 31 December of the year."),
    )

    def __init__(self, data: QueryDict, *, year: int) -> None:
        """`data` is the query string; without a year in it, `year` is shown."""
        values = data.dict()
        super().__init__({**values, "year": values.get("year") or year})

    def clean(self) -> dict[str, Any]:
        """Fill in the cut-off that follows from the year."""
        cleaned = super().clean() or self.cleaned_data
        if "year" in cleaned and not cleaned.get("cut_off") and "cut_off" not in self.errors:
            cleaned["cut_off"] = default_cut_off(cleaned["year"])
        return cleaned

    def draft(self, projects: Iterable[Project], reckon: Reckoning = compute) -> StatementView | None:
        """Return the draft asked for; None, with an error beside the field, if there is none."""
        if not self.is_valid():
            return None
        try:
            return reckon(self.cleaned_data["year"], self.cleaned_data["cut_off"], projects)
        except NoTermsError as error:
            self.add_error("cut_off", str(error))
            return None


class HistoryForm(forms.Form):
    """The search among snapshots: a year, or the first digits of a hash."""

    error_title = _("The search could not be made")

    year = forms.IntegerField(
        label=_("Year"),
        required=False,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        widget=DigitsInput(attrs={"class": "jf-short"}),
    )
    hash = forms.RegexField(
        r"^[0-9a-f]{6,64}$",
        label=_("Checksum"),
        required=False,
        help_text=_("As it stands on the page: at least the first six characters."),
        error_messages={"invalid": _("A hash has at least six of the characters 0–9 and a–f.")},
    )

    def __init__(self, data: QueryDict) -> None:
        """`data` is the query string; a hash may be typed with spaces and capitals."""
        hash_digits = "".join(data.get("hash", "").split()).lower()
        super().__init__({**data.dict(), "hash": hash_digits})

    def filter_snapshots(self, rows: SnapshotQuerySet) -> SnapshotQuerySet:
        """Return the rows that match; none while the form has an error."""
        if not self.is_valid():
            return rows.none()
        if self.cleaned_data["year"]:
            rows = rows.filter(year=self.cleaned_data["year"])
        if self.cleaned_data["hash"]:
            rows = rows.filter(sha256__startswith=self.cleaned_data["hash"])
        return rows


class SubmitForm(OnceMixin, EditFormMixin, forms.Form):
    """The project leader's declaration. `seen` is the content hash of the draft shown above it."""

    submit = _("Submit the statement")
    success = _("The statement is submitted. The agency can see it now.")

    year = forms.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR, widget=forms.HiddenInput)
    cut_off = DayField(widget=forms.HiddenInput)
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    another_reason = FreeTextField(
        label=_("Why does the year get another statement?"),
        help_text=_("It is printed on the statement. Write no names and no CPR numbers."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
    )
    declared = forms.BooleanField(
        label=_("I declare this"),
        error_messages={"required": _("Tick the box to declare what stands above.")},
    )

    def __init__(self, *args: Any, earlier: Statement | None, **kwargs: Any) -> None:
        """`earlier` is the latest approved statement of the year; None: no reason is asked for."""
        super().__init__(*args, **kwargs)
        if earlier is None:
            del self.fields["another_reason"]


class StatementDecisionForm(EditFormMixin, forms.Form):
    """Base of the forms with which the agency decides on a statement.

    `begins_in` are the states in which the statement may be decided on.
    """

    begins_in: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, statement: Statement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.statement = statement
        self.intro = gettext(
            "%(project)s, up to and including %(day)s: %(sum)s kroner to be paid. %(state)s."
        ) % {
            "project": statement.project_name,
            "day": date_format(statement.cut_off),
            "sum": written(statement.paid),
            "state": statement.get_state_display(),
        }


class ApproveForm(StatementDecisionForm):
    """The button that approves a checked statement, below what it does."""

    title = _("Approve the statement")
    submit = _("Approve")
    success = _("The statement is approved and can no longer be changed.")
    begins_in = (StatementState.CHECKED,)

    def save(self, *, by: User, today: datetime.date) -> Statement:
        """Approve the statement."""
        return actions.approve(self.statement, by)


class SendBackForm(StatementDecisionForm):
    """The reason why a statement is sent back to the project."""

    title = _("Send the statement back")
    submit = title
    success = _("The statement is sent back to the project.")
    begins_in = PENDING

    reason = FreeTextField(
        label=_("What is to be changed?"),
        help_text=_("The project leader reads this. Write no names and no CPR numbers."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=text_limits.REASON,
    )

    def save(self, *, by: User, today: datetime.date) -> Statement:
        """Send the statement back."""
        return actions.send_back(self.statement, by, self.cleaned_data["reason"])


class PayForm(StatementDecisionForm):
    """The day and the reference of the payment of an approved sum."""

    title = _("Record the payment")
    submit = title
    success = _("The payment is recorded.")
    begins_in = (StatementState.APPROVED,)

    paid_on = DayField(label=_("Paid on"), widget=DateInput)
    reference = FreeTextField(label=_("Payment reference"), help_text=NO_PERSON, max_length=60)

    def save(self, *, by: User, today: datetime.date) -> Statement:
        """Record the payment."""
        return actions.pay(
            self.statement,
            by,
            self.cleaned_data["paid_on"],
            self.cleaned_data["reference"],
            last_day=today + (YEAR if mode.is_rehearsal() else 0 * DAY),
        )
