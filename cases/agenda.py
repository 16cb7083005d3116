"""The agenda of a follow-up meeting (D18, D35): topics that the apps add, and what changed in each since the
last meeting.

Progression, promises, CV, job goal and work agreement are always on it. An app calls `add_agenda_topic` in
`AppConfig.ready()`; a topic says with `lines` what is new, and the page says so when nothing is.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.functional import Promise

from accounts.models import TrialTerms
from cases.models import Course


@dataclass(frozen=True)
class MeetingFacts:
    """The input of a topic: the course, the day of the last held meeting (None: none yet), today, and the
    trial's terms."""

    course: Course
    last_held: datetime.date | None
    on: datetime.date
    terms: TrialTerms

    def is_new(self, day: datetime.date) -> bool:
        """Whether something of this day happened after the last meeting; before the first one all is new."""
        return self.last_held is None or day > self.last_held


class AgendaLine(NamedTuple):
    """A prepared line of a topic; an urgent one is marked."""

    text: str
    is_urgent: bool = False


@dataclass(frozen=True)
class AgendaTopic:
    """A topic of every meeting: `code` names its minutes, `lines` what is new, and `url` the page that tells
    more. A topic without `lines` is only to be written in."""

    code: str
    title: str | Promise
    order: int
    lines: Callable[[MeetingFacts], Iterable[AgendaLine]] | None = None
    url: Callable[[Course], str] | None = None


_topics: dict[str, AgendaTopic] = {}


def add_agenda_topic(topic: AgendaTopic) -> None:
    """Add a topic to the agenda. ValueError when another one has its code."""
    if _topics.setdefault(topic.code, topic) != topic:
        raise ValueError(f"two topics of the agenda are called {topic.code}")


def agenda_topics() -> list[AgendaTopic]:
    """Return the topics in the order of the agenda."""
    return sorted(_topics.values(), key=lambda topic: topic.order)


def topic_title(code: str) -> str:
    """Return the title of a topic; the code itself for one that is no longer on the agenda."""
    return str(_topics[code].title) if code in _topics else code
