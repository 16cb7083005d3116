"""The forms of the annex: the eight questions on one page, by phone or together, and a correction (D16)."""

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.forms.course_form import CourseFormMixin
from cases.free_text import NO_NAMES
from companies.annex import actions
from companies.annex.actions import Given, Values, version_with_questions
from companies.annex.questions import version_on
from companies.models import AnnexChannel, AnnexParty, AnnexReply, Placement
from jobfirst.kit.fields import DayField, FreeTextField
from jobfirst.kit.forms import DateInput, OnceMixin
from jobfirst.kit.versioned import VersionedFormMixin
from jobfirst.values import text_limits
from progression.forms.answering import StepField, as_choice
from progression.models import QuestionnaireVersion


def field_of(code: str) -> str:
    """Return the name of the field of a question."""
    return f"q_{code}"


class AnnexFieldsMixin(forms.BaseForm):
    """The questions as they are put to a party, each a choice of steps or "don't know", and a comment."""

    def add_questions(self, version: QuestionnaireVersion, party: AnnexParty) -> None:
        """Put the questions of the version first."""
        self.questions = list(version.questions.all())
        questions = {
            field_of(question.code): StepField(
                question, put_off=gettext("Don't know"), label=question.text_to(party.rater)
            )
            for question in self.questions
        }
        comment = FreeTextField(
            label=_("Anything else?"),
            help_text=NO_NAMES,
            widget=forms.Textarea(attrs={"rows": 2}),
            max_length=text_limits.REASON,
            required=False,
        )
        self.fields = {**questions, "comment": comment, **self.fields}

    def question_fields(self) -> Iterable[BoundField]:
        """Return the fields of the questions, in order."""
        return [self[field_of(question.code)] for question in self.questions]

    def other_fields(self) -> Iterable[BoundField]:
        """Return the visible fields after the questions."""
        names = {field_of(question.code) for question in self.questions}
        return [field for field in self.visible_fields() if field.name not in names]

    def values(self) -> Values:
        """Return the cleaned answers by the question's code."""
        return {question.code: self.cleaned_data[field_of(question.code)] for question in self.questions}


class AnnexForm(OnceMixin, AnnexFieldsMixin, CourseFormMixin, forms.Form):
    """Base of the forms that answer for the first time; asks the questions in force today."""

    submit = _("Save the answers")
    success = _("The answers are saved.")
    party: AnnexParty

    def __init__(self, *args: Any, placement: Placement, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, course=placement.course, **kwargs)
        self.placement, self.today = placement, today
        self.add_questions(version_on(today), self.party)
        self.intro = f"{self.course.citizen_name}, {placement.company}"


class CitizenAnnexForm(AnnexForm):
    """The citizen answers together with the mentor, on the mentor's phone."""

    title = _("The citizen's answers to the annex")
    party = AnnexParty.CITIZEN

    def save(self, *, by: User, today: datetime.date) -> AnnexReply:
        """Save the answers as given today."""
        given = Given(
            on=today,
            channel=AnnexChannel.TOGETHER,
            by_name=self.course.citizen_name,
            entered_by=by,
        )
        return actions.record_reply(
            self.placement,
            self.party,
            self.values(),
            given,
            comment=self.cleaned_data["comment"],
            today=today,
            submission=self.submission,
        )


class PhoneAnnexForm(AnnexForm):
    """What the contact person said on the phone, written down by the mentor."""

    title = _("The company's answers, got by phone")
    party = AnnexParty.COMPANY

    answered_by_name = FreeTextField(label=_("Who said it?"), max_length=150)
    answered_on = DayField(label=_("When was it said?"), widget=DateInput)

    def save(self, *, by: User, today: datetime.date) -> AnnexReply:
        """Save the answers as said on the phone."""
        given = Given(
            on=self.cleaned_data["answered_on"],
            channel=AnnexChannel.PHONE,
            by_name=self.cleaned_data["answered_by_name"],
            entered_by=by,
        )
        return actions.record_reply(
            self.placement,
            self.party,
            self.values(),
            given,
            comment=self.cleaned_data["comment"],
            today=today,
            submission=self.submission,
        )


class CorrectAnnexForm(VersionedFormMixin, AnnexFieldsMixin, CourseFormMixin, forms.Form):
    """Other answers, with the reason. While answers are hidden, the fields are empty."""

    title = _("Correct the answers")
    success = _("The answers are corrected.")

    correction = FreeTextField(
        label=_("Why are they corrected?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=text_limits.REASON,
    )

    def __init__(self, *args: Any, reply: AnnexReply, is_shown: bool, **kwargs: Any) -> None:
        initial: dict[str, Any] = {}
        if is_shown:
            answers = reply.answers.select_related("question")
            initial = {field_of(answer.question.code): as_choice(answer.value) for answer in answers}
            initial["comment"] = reply.comment
        super().__init__(*args, course=reply.course, version=reply.version, initial=initial, **kwargs)
        self.reply = reply
        self.add_questions(version_with_questions(reply), AnnexParty(reply.party))
        self.intro = (
            gettext("The earlier answers stay in the history.")
            if is_shown
            else gettext(
                "The answers are shown when both have answered. Write all of them anew; the earlier ones "
                "stay in the history."
            )
        )

    def save(self, *, by: User, today: datetime.date) -> AnnexReply:
        """Correct the answers."""
        return actions.correct_reply(
            self.reply,
            self.values(),
            comment=self.cleaned_data["comment"],
            reason=self.cleaned_data["correction"],
            version=self.opened_version,
        )
