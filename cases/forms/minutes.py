"""Forms of the minutes of a meeting: a text per topic, a decision, and a correction (D35, D41)."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases import actions
from cases.actions.minutes import (
    MinuteDraft,
    correct_promise,
    is_slip_of_promise,
    may_reopen_at_once,
    restore_promise,
    withdraw_promise,
)
from cases.agenda import topic_title
from cases.forms.corrections import ReasonFormMixin, RestoreRowForm, RowActMixin, WithdrawRowForm
from cases.forms.course_form import CourseFormMixin
from cases.models import (
    CITIZEN,
    Course,
    CourseFunction,
    FollowUpMeeting,
    MeetingDecision,
    MinuteCorrection,
)
from jobfirst.kit.fields import DayField, FreeTextField
from jobfirst.kit.forms import DateInput, OnceMixin
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin
from jobfirst.values import text_limits


class TopicWithCode(Protocol):
    """A point of an agenda, with the code of its minutes."""

    @property
    def code(self) -> str: ...


class MinutesForm(forms.Form):
    """The typed texts of the topics, and the version that each was opened on. Topics that were not sent are
    left alone: the page saves one topic after the other while somebody types."""

    def __init__(self, data: Mapping[str, Any], topics: Sequence[TopicWithCode]) -> None:
        super().__init__(data)
        self.codes = [topic.code for topic in topics if f"minute-{topic.code}" in data]
        for code in self.codes:
            self.fields[f"minute-{code}"] = FreeTextField(max_length=text_limits.MINUTES, required=False)
            self.fields[f"version-{code}"] = forms.IntegerField(min_value=0, required=False)

    @property
    def drafts(self) -> dict[str, MinuteDraft]:
        """The texts that can be saved, by topic."""
        return {
            code: MinuteDraft(
                self.cleaned_data[f"minute-{code}"],
                self.cleaned_data.get(f"version-{code}") or 0,
            )
            for code in self.codes
            if f"minute-{code}" in self.cleaned_data
        }

    def errors_by_topic(self) -> dict[str, list[str]]:
        """Return what is wrong with the texts, by topic."""
        fields = {f"minute-{code}": code for code in self.codes}
        return {
            fields[name]: [str(error) for error in errors]
            for name, errors in self.errors.items()
            if name in fields
        }

    def typed(self, code: str) -> str | None:
        """Return the text of a topic as it was typed; None when it was not sent."""
        text = self.data.get(f"minute-{code}")
        return None if text is None else _with_plain_line_ends(text)


def _with_plain_line_ends(text: str) -> str:
    """Return the text with the line ends that htmx sends: a browser's form alone sends CRLF, and the same
    text must not look changed."""
    return text.replace("\r\n", "\n")


def owner_choices(course: Course, holders: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return who can promise something: the citizen, and the `holders` by function."""
    labels = dict(CourseFunction.choices)
    people = [(code, f"{name} ({str(labels[code]).lower()})") for code, name in holders.items()]
    return [(CITIZEN, course.citizen_name), *people]


class DecisionForm(OnceMixin, forms.Form):
    """A decision of the meeting: what, who, by which day. `holders` are the names by function."""

    prefix = "decision"

    text = FreeTextField(
        label=_("What is to be done"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    function = forms.ChoiceField(label=_("Who"))
    due_on = DayField(label=_("By which day"), widget=DateInput)

    def __init__(
        self, *args: Any, meeting: FollowUpMeeting, holders: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        choices = owner_choices(meeting.course, holders)
        self.fields["function"].choices = choices  # type: ignore[attr-defined]  # a field of choices

    @property
    def is_begun(self) -> bool:
        """Whether something was typed: then it is to be saved, or the page says what is missing."""
        return bool(self.data.get("decision-text", "").strip() or self.data.get("decision-due_on"))

    def save(self, *, by: User, today: datetime.date) -> MeetingDecision:
        """Add the decision to the draft."""
        return actions.add_decision(
            self.meeting,
            text=self.cleaned_data["text"],
            function=self.cleaned_data["function"],
            due_on=self.cleaned_data["due_on"],
            by=by,
            submission=self.submission,
        )


class MinuteCorrectionFields(forms.Form):
    """The text that is right instead of closed minutes, and why, of any kind of meeting (D41)."""

    text = FreeTextField(
        label=_("The text that is right"),
        max_length=text_limits.MINUTES,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    reason = FreeTextField(label=_("Why it is corrected"), max_length=300)


class CorrectMinuteForm(VersionedFormMixin, CourseFormMixin, MinuteCorrectionFields):
    """Correct the closed minutes of a topic, or add a forgotten one; what stood there stays (D41)."""

    title = _("Correct the minutes")
    success = _("The correction is saved.")

    def __init__(
        self, *args: Any, meeting: FollowUpMeeting, topic: str, is_forgotten: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, course=meeting.course, **kwargs)
        self.meeting, self.topic = meeting, topic
        if is_forgotten:
            self.title = _("Add a topic that was forgotten")
            self.fields["text"].label = _("Minutes")
            self.fields["reason"].label = _("Why it is added now")
        self.intro = f"{meeting.course.citizen_name}: {topic_title(topic)}"

    def save(self, *, by: User, today: datetime.date) -> MinuteCorrection:
        """Save the correction."""
        return actions.correct_minute(
            self.meeting,
            self.topic,
            text=self.cleaned_data["text"],
            reason=self.cleaned_data["reason"],
            by=by,
            version=self.opened_version,
        )


class CorrectPromiseForm(VersionedFormMixin, ReasonFormMixin, CourseFormMixin, ModelForm[MeetingDecision]):
    """Correct whose promise it is, and by which day; the minutes show what they said before (D41)."""

    title = _("Correct the promise")
    success = _("The promise is corrected.")

    function = forms.ChoiceField(label=_("Who"))
    due_on = DayField(label=_("By which day"), widget=DateInput)

    class Meta:
        model = MeetingDecision
        fields = ["function", "due_on"]

    def __init__(
        self, *args: Any, instance: MeetingDecision, holders: Mapping[str, str], user: User, **kwargs: Any
    ) -> None:
        super().__init__(*args, instance=instance, course=instance.course, **kwargs)
        self.intro = instance.text
        labels = dict(CourseFunction.choices)
        if instance.function in labels:  # nobody may hold it any more
            holders = {instance.function: str(instance.promised_by), **holders}
        choices = owner_choices(self.course, holders)
        self.fields["function"].choices = choices  # type: ignore[attr-defined]  # a field of choices
        self.ask_reason(is_needed=not is_slip_of_promise(instance, user))

    def save(self, *, by: User, today: datetime.date) -> MeetingDecision:
        """Save the correction."""
        return correct_promise(
            self.instance,
            function=self.cleaned_data["function"],
            due_on=self.cleaned_data["due_on"],
            by=by,
            reason=self.reason,
            version=self.opened_version,
        )


class ReopenPromiseForm(RowActMixin, ReasonFormMixin, CourseFormMixin, forms.Form):
    """Say that a promise is not done after all."""

    title = _("The promise is not done after all")
    success = _("The promise is changed.")

    def __init__(self, *args: Any, decision: MeetingDecision, user: User, **kwargs: Any) -> None:
        super().__init__(*args, course=decision.course, version=decision.version, **kwargs)
        self.decision = decision
        self.intro = decision.text
        is_done = decision.done_on is not None
        self.ask_reason(is_needed=is_done and not may_reopen_at_once(decision, user))

    def act(self, *, by: User, today: datetime.date) -> None:
        """Open the promise again."""
        actions.reopen_promise(self.decision, by=by, reason=self.reason, version=self.version_seen)


class WithdrawPromiseForm(WithdrawRowForm):
    """Withdraw a promise of a held meeting that was written in error."""

    title = _("The promise was written in error")

    def act(self, *, by: User, today: datetime.date) -> None:
        """Withdraw the promise."""
        withdraw_promise(self.row, by=by, reason=self.withdrawn_because, version=self.version_seen)


class RestorePromiseForm(RestoreRowForm):
    """Let a promise stand again."""

    def act(self, *, by: User, today: datetime.date) -> None:
        """Let it stand again."""
        restore_promise(self.row, by=by, reason=self.reason, version=self.version_seen)
