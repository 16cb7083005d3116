"""What the forms of corrections have in common: the reason, and the page that withdraws a row (D41)."""

import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.actions.corrections import REASON, may_restore_at_once
from jobfirst.kit.editing import EditFormMixin
from jobfirst.kit.fields import FreeTextField
from jobfirst.kit.versioned import StaleError, VersionedFormMixin

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise  # a name of the type stubs

#: The most characters of a reason.
LONGEST_REASON = 500

#: What to look at when a row was changed since the page that lets it stand again was opened.
STALE_RESTORING = _("Somebody has changed this meanwhile. Look at how it reads now: should it stand again?")


class ReasonFormMixin(forms.BaseForm):
    """For a form that corrects a stored row: asks why, unless it is a slip of the user's own."""

    def ask_reason(self, *, is_needed: bool, is_required: bool = True) -> None:
        """Add the field of the reason at the end when it is needed."""
        if is_needed:
            self.fields[REASON] = FreeTextField(
                label=_("Why it is corrected"),
                help_text=_("The reason is kept with what stood there before."),
                max_length=LONGEST_REASON,
                widget=forms.Textarea(attrs={"rows": 2}),
                required=is_required,
            )

    @property
    def reason(self) -> str:
        """The reason; empty when it was not asked for."""
        return str(self.cleaned_data.get(REASON, ""))


def is_conflict(form: forms.BaseForm) -> bool:
    """Whether somebody else has withdrawn, restored or changed the form's row since the page was opened."""
    return any(form.has_error(NON_FIELD_ERRORS, code) for code in ("withdrawn", "standing", "stale"))


class RowActMixin(VersionedFormMixin, EditFormMixin):
    """For a form that withdraws a stored row, lets it stand again or undoes what was done: an act that only
    stands once.

    A form of it has the `act` that calls the action of the row. An act of somebody else since the page was
    opened is a conflict: the page says which, and keeps the reason that was typed.
    """

    # What to look at when the row was changed meanwhile.
    stale_words: "_StrOrPromise" = _(
        "Somebody has changed this meanwhile. Look at how it reads now, and decide anew."
    )

    def __init__(self, *args: Any, version: int, **kwargs: Any) -> None:
        super().__init__(*args, version=version, **kwargs)
        self.fields["version"].required = False  # a tap on a list has no form, and so no version

    @property
    def version_seen(self) -> int | None:
        """The version of the row that the page showed; None for a tap on a list."""
        version: int | None = self.cleaned_data.get("version")
        return version

    def save(self, *, by: User, today: datetime.date) -> Any:
        """Do it. Refused, and to be confirmed, when the row was changed meanwhile."""
        try:
            return self.act(by=by, today=today)
        except StaleError as stale:
            self.rebase(stale.version)
            raise ValidationError(self.stale_words, code="stale") from stale

    def act(self, *, by: User, today: datetime.date) -> Any:
        """Call the action of the row."""
        raise NotImplementedError


class WithdrawRowForm(RowActMixin, forms.Form):
    """Base of the pages that withdraw a row as entered in error, with the reason unless it is a slip."""

    submit = _("Mark as entered in error")
    stale_words = _("Somebody has changed this meanwhile. Look at how it reads now: is it still in error?")
    success = _("It is marked as entered in error, and counts no more.")

    withdrawn_reason = FreeTextField(
        label=_("Why was it entered in error?"),
        help_text=_("For example: the wrong citizen, the wrong day, entered twice. The reason is kept."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, row: Any, is_own_slip: bool, intro: str = "", **kwargs: Any) -> None:
        super().__init__(*args, version=row.version, **kwargs)
        self.row = row
        self.intro = intro
        if is_own_slip:
            del self.fields["withdrawn_reason"]

    @property
    def withdrawn_because(self) -> str:
        """The reason; empty for a slip."""
        return str(self.cleaned_data.get("withdrawn_reason", ""))


class RestoreRowForm(RowActMixin, ReasonFormMixin, forms.Form):
    """Base of the pages that let a row stand again that was withdrawn by mistake, with the reason unless the
    user withdrew it within the hour."""

    title = _("Withdrawn by mistake")
    submit = _("Let it stand again")
    stale_words = STALE_RESTORING
    success = _("It stands again, and counts as before.")

    def __init__(self, *args: Any, row: Any, user: User, intro: str = "", **kwargs: Any) -> None:
        super().__init__(*args, version=row.version, **kwargs)
        self.row = row
        self.intro = intro
        self.ask_reason(is_needed=not may_restore_at_once(row, user))
