"""What the page of a meeting shows: the agenda with its prepared lines and minutes, and the promises."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch

from accounts.models import TrialTerms, User
from cases.agenda import AgendaLine, AgendaTopic, MeetingFacts, agenda_topics, topic_title
from cases.models import (
    Course,
    CourseFunction,
    FollowUpMeeting,
    FunctionHolding,
    MeetingCorrection,
    MeetingDecision,
    MeetingMinute,
    MinuteCorrection,
)
from cases.presentation.meetings import last_held_on


@dataclass(frozen=True)
class TopicOnPage:
    """A topic with its lines and the draft of its minutes.

    `text` is what the field shows. `theirs` are the minutes that somebody else saved meanwhile: then the text
    is not saved, and `version` is that of theirs, so that the next save follows it.
    """

    topic: AgendaTopic
    url: str
    lines: Sequence[AgendaLine]
    text: str
    version: int
    theirs: MeetingMinute | None = None
    errors: Sequence[str] = ()

    @property
    def says_nothing_new(self) -> bool:
        """Whether the page says that nothing is new."""
        return self.topic.lines is not None and not self.lines


@dataclass(frozen=True)
class ClosedTopic:
    """The closed minutes of a topic: what was written then, and its corrections, the oldest first."""

    code: str
    title: str
    text: str
    corrections: Sequence[MinuteCorrection] = ()

    @property
    def current_text(self) -> str:
        """The text that counts: of the latest correction, if there is one."""
        return self.corrections[-1].text if self.corrections else self.text


@dataclass(frozen=True)
class DecisionLine:
    """A decision with its owner in words, as of a day."""

    decision: MeetingDecision
    owner: str
    is_overdue: bool


@dataclass
class UnsavedText:
    """Typed texts by topic, for the page that answers a form: stale ones and refused ones are shown again."""

    texts: Mapping[str, str] = field(default_factory=dict)
    stale: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)


def agenda_of(
    meeting: FollowUpMeeting, on: datetime.date, terms: TrialTerms, unsaved: UnsavedText
) -> list[TopicOnPage]:
    """Return the topics of a booked meeting, with what changed since the last held one."""
    facts = MeetingFacts(meeting.course, last_held_on(meeting.course), on, terms)
    minutes = {minute.topic: minute for minute in meeting.minutes.all()}
    topics = []
    for topic in agenda_topics():
        minute = minutes.get(topic.code)
        theirs = unsaved.stale.get(topic.code)
        stored_text = minute.text if minute else ""
        topics.append(
            TopicOnPage(
                topic=topic,
                url=topic.url(meeting.course) if topic.url else "",
                lines=list(topic.lines(facts)) if topic.lines else [],
                text=unsaved.texts.get(topic.code, stored_text),
                version=minute.version if minute else 0,
                theirs=theirs,
                errors=unsaved.errors.get(topic.code, ()),
            )
        )
    return topics


def closed_topics(meeting: FollowUpMeeting) -> list[ClosedTopic]:
    """Return the minutes of a meeting that is over, in the order of the agenda; topics without any are left
    out. Two queries."""
    corrections: dict[str, list[MinuteCorrection]] = {}
    for correction in meeting.corrections.select_related("written_by"):
        corrections.setdefault(correction.topic, []).append(correction)
    texts = {minute.topic: minute.text for minute in meeting.minutes.all() if minute.text}
    order = {topic.code: topic.order for topic in agenda_topics()}
    codes = sorted({*texts, *corrections}, key=lambda code: (order.get(code, len(order) * 100), code))
    return [
        ClosedTopic(code, topic_title(code), texts.get(code, ""), corrections.get(code, ())) for code in codes
    ]


def forgotten_topics(codes: Iterable[str]) -> list[ClosedTopic]:
    """Return the topics of the agenda that the closed minutes, with these codes, do not have."""
    present = set(codes)
    return [
        ClosedTopic(topic.code, topic_title(topic.code), "", ())
        for topic in agenda_topics()
        if topic.code not in present
    ]


def meeting_corrections(meeting: FollowUpMeeting) -> list[MeetingCorrection]:
    """Return the corrections of who came and when, the oldest first, with their people; two queries."""
    people = Prefetch("attendees", User.objects.order_by("name", "pk"))
    return list(meeting.meeting_corrections.select_related("written_by").prefetch_related(people))


def holder_names(course: Course, on: datetime.date) -> dict[str, str]:
    """Return who acts in each function on the day, by function in its usual order; one query."""
    names = FunctionHolding.objects.filter(course=course).names_of_actors(on)
    return {
        function: names[course.pk, function]
        for function in CourseFunction.values
        if (course.pk, function) in names
    }


def decision_lines(
    decisions: Sequence[MeetingDecision], course: Course, on: datetime.date
) -> list[DecisionLine]:
    """Return the decisions as lines. `promised_by` is fetched with them."""
    return [
        DecisionLine(decision, owner_words(decision, course), decision.is_overdue(on))
        for decision in decisions
    ]


def owner_words(decision: MeetingDecision, course: Course) -> str:
    """Return whose promise it is: the citizen, or the person with the function."""
    if decision.promised_by is None:
        return course.citizen_name
    return f"{decision.promised_by} ({decision.get_function_display().lower()})"
