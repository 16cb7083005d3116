"""The hand-over note of a function (D57): its fields, wherever a function changes hands, and its own form."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from cases import actions
from cases.forms.course_form import CourseFormMixin
from cases.models import CourseFunction, FunctionHolding, HandoverNote
from jobfirst.kit.fields import FreeTextField
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin
from jobfirst.values import text_limits

NOTE_LABELS = {
    "promises": gettext_lazy("Open promises"),
    "worries": gettext_lazy("Worries"),
    "next_step": gettext_lazy("Next step"),
}
NOTE_HELP = {
    "promises": gettext_lazy("What the citizen or the company has been promised."),
    "worries": gettext_lazy("What the new holder should keep an eye on."),
    "next_step": gettext_lazy("What is to happen next, and when."),
}


def note_field(part: str, label: str = "") -> forms.CharField:
    """Return the field of a part of a hand-over note."""
    return FreeTextField(
        label=label or NOTE_LABELS[part],
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=text_limits.COMMENT,
    )


class HandoverNoteForm(VersionedFormMixin, CourseFormMixin, ModelForm[HandoverNote]):
    """The hand-over note of one function (D57). Without a note yet the form's version is 0."""

    success = gettext_lazy("The hand-over note is saved.")

    class Meta:
        model = HandoverNote
        fields = list(NOTE_LABELS)
        labels = NOTE_LABELS
        help_texts = NOTE_HELP
        widgets = {part: forms.Textarea(attrs={"rows": 3}) for part in NOTE_LABELS}

    def __init__(self, *args: Any, holding: FunctionHolding, **kwargs: Any) -> None:
        note = getattr(holding, "handover_note", None) or HandoverNote(holding=holding, version=0)
        super().__init__(*args, instance=note, course=holding.course, **kwargs)
        self.holding = holding
        self.title = _("Hand-over note: %(function)s") % {"function": CourseFunction(holding.function).label}

    def save(self, *, by: User, today: datetime.date) -> HandoverNote:
        """Save the note."""
        return actions.write_note(self.holding, note_text(self), by=by, version=self.opened_version)


def add_note_fields(form: forms.BaseForm) -> None:
    """Add the three parts of a note to a form."""
    for part in NOTE_LABELS:
        form.fields[part] = note_field(part)
        form.fields[part].help_text = NOTE_HELP[part]


def note_text(form: forms.BaseForm) -> actions.NoteText:
    """Return the note from the cleaned data."""
    return actions.NoteText(**{part: form.cleaned_data.get(part, "") for part in NOTE_LABELS})
