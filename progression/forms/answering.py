"""Forms of answering: one question, the end of a sheet, a correction, and the selected categories."""

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.models import Course
from jobfirst.kit.editing import EditFormMixin
from jobfirst.kit.fields import FreeTextField
from jobfirst.kit.versioned import VersionedFormMixin
from jobfirst.values import text_limits
from progression.actions import corrections, sheets
from progression.actions.sheets import reason_field
from progression.models import Answer, AnswerSheet, Category, CategorySelection, Question
from progression.steps import Step

#: The choice of a question that is not answered now.
NOT_NOW = "not_now"


def step_choices(question: Question, put_off: str = "") -> list[tuple[int | str, str]]:
    """Return the steps of the question's scale with their words, and "not now" or other words; one query."""
    steps = [(step.value, str(step)) for step in question.scale.steps.all()]
    return [*steps, (NOT_NOW, put_off or gettext("Not now"))]


def as_choice(value: int | None) -> int | str:
    """Return a stored answer as the choice of the form."""
    return NOT_NOW if value is None else value


class StepField(forms.TypedChoiceField):
    """The answer to a question: a step of its scale, or "not now" (None)."""

    def __init__(self, question: Question, put_off: str = "", **kwargs: Any) -> None:
        required = _("Choose one of the steps, or “%(put_off)s”.") % {"put_off": put_off or _("Not now")}
        super().__init__(
            choices=step_choices(question, put_off),
            coerce=lambda value: None if value == NOT_NOW else int(value),
            empty_value=None,
            widget=forms.RadioSelect,
            error_messages={"required": required},
            **kwargs,
        )


class StepForm(VersionedFormMixin, EditFormMixin, forms.Form):
    """One question to one rater."""

    submit = _("Next")
    success = ""

    def __init__(
        self, *args: Any, sheet: AnswerSheet, step: Step, answer: Answer | None, **kwargs: Any
    ) -> None:
        initial = {} if answer is None else {"value": as_choice(answer.value)}
        super().__init__(*args, version=0 if answer is None else answer.version, initial=initial, **kwargs)
        self.sheet, self.step = sheet, step
        self.fields = {"value": StepField(step.question, label=step.question.text), **self.fields}
        self.title = step.question.text

    def save(self, *, by: User, today: datetime.date) -> Answer:
        """Save the answer."""
        return sheets.save_answer(
            self.sheet,
            self.step.question,
            self.step.rater,
            value=self.cleaned_data["value"],
            version=self.opened_version,
        )


class FinishForm(EditFormMixin, forms.Form):
    """The end of a sheet: why answers differ from the time before, one field a category (D56)."""

    title = _("Your answers")
    submit = _("Finish the answers")
    success = _("The answers are saved.")

    def __init__(self, *args: Any, sheet: AnswerSheet, changed: Sequence[Answer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        self.codes: list[str] = []
        for answer in changed:
            category = answer.question.category
            if category.code in self.codes:
                continue
            self.codes.append(category.code)
            self.fields[reason_field(category.code)] = FreeTextField(
                label=gettext("%(category)s: what has made the difference?") % {"category": category.label},
                widget=forms.Textarea(attrs={"rows": 2}),
                max_length=text_limits.REASON,
            )

    def reason_fields(self) -> dict[str, BoundField]:
        """Return the fields of the reasons by the category's code."""
        return {code: self[reason_field(code)] for code in self.codes}

    def save(self, *, by: User, today: datetime.date) -> AnswerSheet:
        """Finish the sheet."""
        reasons = {code: self.cleaned_data[reason_field(code)] for code in self.codes}
        return sheets.finish_sheet(self.sheet, today=today, reasons=reasons, by=by)


class CorrectAnswerForm(VersionedFormMixin, EditFormMixin, forms.Form):
    """Another score for a finished answer, with the reason (D56)."""

    title = _("Correct the answer")
    success = _("The answer is corrected.")

    def __init__(self, *args: Any, answer: Answer, **kwargs: Any) -> None:
        super().__init__(*args, version=answer.version, initial={"value": as_choice(answer.value)}, **kwargs)
        self.answer = answer
        self.intro = gettext("The earlier answer stays in the history.")
        correction = FreeTextField(
            label=_("Why it is corrected"),
            widget=forms.Textarea(attrs={"rows": 2}),
            max_length=text_limits.REASON,
        )
        self.fields = {
            "value": StepField(answer.question, label=answer.question.text),
            "correction": correction,
            **self.fields,
        }

    def save(self, *, by: User, today: datetime.date) -> Answer:
        """Correct the answer."""
        return corrections.correct_answer(
            self.answer,
            value=self.cleaned_data["value"],
            correction=self.cleaned_data["correction"],
            version=self.opened_version,
        )


class CategoriesForm(VersionedFormMixin, EditFormMixin, forms.Form):
    """Which categories matter most to the citizen (D23)."""

    title = _("Selected categories")
    intro = _(
        "Choose together with the citizen what matters most. Progress is counted in these; "
        "without a choice it is counted in all."
    )
    success = _("The categories are selected.")

    codes = forms.MultipleChoiceField(
        label=_("Categories"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        course: Course,
        selection: CategorySelection | None,
        categories: Sequence[Category],
        **kwargs: Any,
    ) -> None:
        super().__init__(
            *args,
            version=0 if selection is None else selection.version,
            initial={"codes": [] if selection is None else selection.codes},
            **kwargs,
        )
        self.course = course
        field = self.fields["codes"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(category.code, category.label) for category in categories]

    def save(self, *, by: User, today: datetime.date) -> CategorySelection:
        """Select the categories."""
        return corrections.select_categories(
            self.course, self.cleaned_data["codes"], by=by, version=self.opened_version
        )
