"""Forms of the dialogue with a company about a citizen."""

import datetime
from typing import Any, cast

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.forms.course_form import CourseFormMixin
from companies.forms.matches import MatchFieldsMixin, job_function_field
from companies.forms.workplaces import WorkplaceFieldsMixin
from companies.matching import actions
from companies.matching.entries import StepTaken
from companies.models import Dialogue, DialogueEntry, DialogueStep, NoMatchReason
from companies.rules.dialogues import OPEN_STEPS
from jobfirst import mode
from jobfirst.kit.fields import DayField, FreeTextField
from jobfirst.kit.forms import DateInput, OnceMixin
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin

#: The heading of the form of each step.
TITLES = {
    DialogueStep.CONTACTED: _("The company is contacted"),
    DialogueStep.VISIT: _("Visit at the company"),
    DialogueStep.OFFER: _("Offer from the company"),
    DialogueStep.ENDED: _("It came to nothing"),
}
LONGEST_NOTE = DialogueEntry._meta.get_field("note").max_length
LONGEST_NEXT = cast(int, DialogueEntry._meta.get_field("next_action").max_length)


def note_field() -> forms.CharField:
    """Return the field of a step's note."""
    return FreeTextField(
        label=_("Note"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_NOTE,
        required=False,
    )


class StepFieldsMixin(forms.Form):
    """A step of a dialogue: its day, a note, and what is next."""

    happened_on = DayField(label=_("Day"), widget=DateInput)
    note = note_field()
    next_action = FreeTextField(label=_("What is the next step?"), max_length=LONGEST_NEXT, required=False)
    next_on = DayField(label=_("When?"), widget=DateInput, required=False)

    def step_taken(self, step: str) -> StepTaken:
        """Return what was typed as this step."""
        names = ("happened_on", "note", "reason", "next_action", "next_on")
        return StepTaken(step, **{name: self.cleaned_data[name] for name in names if name in self.fields})


class OpenDialogueForm(OnceMixin, CourseFormMixin, StepFieldsMixin, WorkplaceFieldsMixin):
    """Begin a dialogue with a company about the citizen, at one of its workplaces."""

    title = _("New dialogue with a company")
    success = _("The dialogue is registered.")
    keeps_draft = True

    step = forms.ChoiceField(
        label=_("Where does the dialogue stand?"),
        choices=[(step, DialogueStep(step).label) for step in OPEN_STEPS],
        widget=forms.RadioSelect,
    )
    job_function = job_function_field()

    field_order = ("cvr", "company_name", "workplace", "job_function", "step")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields[
            "p_number"
        ]  # a new workplace is registered on the company's page, or with a placement

    @transaction.atomic
    def save(self, *, by: User, today: datetime.date) -> Dialogue:
        """Begin the dialogue; register the company when it is new."""
        company = self.save_company()
        return actions.open_dialogue(
            self.course,
            company,
            self.step_taken(self.cleaned_data["step"]),
            job_function=self.cleaned_data["job_function"],
            workplace=self.save_workplace(company),
            by=by,
            submission=self.submission,
            not_after=mode.last_day_allowed(today),
        )


class DialogueFormMixin(OnceMixin, VersionedFormMixin, CourseFormMixin):
    """A form that adds a step to a dialogue; its page names the citizen and the company."""

    def __init__(self, *args: Any, dialogue: Dialogue, **kwargs: Any) -> None:
        super().__init__(*args, course=dialogue.course, version=dialogue.version, **kwargs)
        self.dialogue = dialogue
        self.intro = f"{dialogue.course.citizen_name}, {dialogue.company}"


class DialogueStepForm(DialogueFormMixin, StepFieldsMixin):
    """A step of a dialogue other than a match."""

    success = _("The step is registered.")
    keeps_draft = True

    reason = forms.ChoiceField(
        label=_("Why did it come to nothing?"),
        choices=[("", _("Choose")), *NoMatchReason.choices],
    )

    field_order = ("reason", "happened_on", "note", "next_action", "next_on")

    def __init__(self, *args: Any, step: DialogueStep, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.step = step
        self.title = TITLES[step]
        if step == DialogueStep.ENDED:
            del self.fields["next_action"], self.fields["next_on"]
        else:
            del self.fields["reason"]

    def save(self, *, by: User, today: datetime.date) -> Dialogue:
        """Add the step."""
        return actions.take_step(
            self.dialogue,
            self.step_taken(self.step),
            by=by,
            version=self.opened_version,
            submission=self.submission,
            not_after=mode.last_day_allowed(today),
        )


class CorrectStepForm(VersionedFormMixin, CourseFormMixin, ModelForm[DialogueEntry]):
    """Correct a step of a dialogue; of a match only the note."""

    title = _("Correct the step")
    success = _("The step is corrected.")

    note = note_field()

    class Meta:
        model = DialogueEntry
        fields = ["happened_on", "reason", "note", "next_action", "next_on"]
        labels = {"next_action": _("What is the next step?"), "next_on": _("When?")}
        widgets = {"happened_on": DateInput, "next_on": DateInput}

    def __init__(self, *args: Any, entry: DialogueEntry, **kwargs: Any) -> None:
        super().__init__(*args, instance=entry, course=entry.dialogue.course, **kwargs)
        self.intro = f"{entry.dialogue.course.citizen_name}, {entry.dialogue.company}"
        if entry.step != DialogueStep.ENDED:
            del self.fields["reason"]
        else:
            self.fields["reason"].required = True
        if entry.step in {DialogueStep.ENDED, DialogueStep.MATCH}:
            del self.fields["next_action"], self.fields["next_on"]
        if entry.step == DialogueStep.MATCH:
            del self.fields["happened_on"]

    def save(self, *, by: User, today: datetime.date) -> DialogueEntry:
        """Save the correction."""
        fields = {name: self.cleaned_data[name] for name in self.Meta.fields if name in self.fields}
        return actions.correct_step(
            DialogueEntry.objects.select_related("dialogue__course").get(pk=self.instance.pk),
            fields,
            version=self.opened_version,
            not_after=mode.last_day_allowed(today),
        )


class MatchDialogueForm(DialogueFormMixin, MatchFieldsMixin):
    """The match that ends a dialogue (D14)."""

    title = _("Record a match")
    success = _("The match is recorded. The internship can be agreed.")
    keeps_draft = True

    def save(self, *, by: User, today: datetime.date) -> Dialogue:
        """Record the match."""
        return actions.match_dialogue(
            self.dialogue,
            matched_on=self.cleaned_data["matched_on"],
            job_function=self.cleaned_data["job_function"],
            why=self.cleaned_data["why"],
            by=by,
            version=self.opened_version,
            submission=self.submission,
            not_after=mode.last_day_allowed(today),
        )
