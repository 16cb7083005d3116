"""The topics of the help: Danish texts in `templates/help/topics/`, one file each, cut into sections.

A file begins with `<h1>` (the title) and a paragraph (what it is about); each `<h2 id="…">` begins a section.
Names of buttons, links and pages stand in `<b>`: a test compares them with the Danish catalogue.
"""

import re
from dataclasses import dataclass
from functools import cache
from html import unescape

from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe

from accounts.roles import Role
from jobfirst.values.name_search import folded

HEAD = re.compile(r"\s*<h1>(?P<title>.*?)</h1>\s*<p>(?P<intro>.*?)</p>", re.DOTALL)
SECTION = re.compile(
    r'<h2 id="(?P<anchor>[a-z0-9-]+)">(?P<title>.*?)</h2>(?P<body>.*?)(?=<h2 |\Z)', re.DOTALL
)
EXCERPT_LENGTH = 160


@dataclass(frozen=True)
class TopicSource:
    """A topic's file, the role it is for, and the page of the main menu from which that role works."""

    code: str
    role: Role | None = None
    page: str = ""


SOURCES = (
    TopicSource("mentor", Role.MENTOR, "cases:my_week"),
    TopicSource("forloebsansvarlig", Role.COURSE_OWNER, "cases:my_meetings"),
    TopicSource("jobkonsulent", Role.JOB_CONSULTANT, "companies:my_placements"),
    TopicSource("koordinerende-sagsbehandler", Role.COORDINATING_CASEWORKER, "cases:referrals"),
    TopicSource("projektleder", Role.PROJECT_LEADER, "evaluation:dashboard"),
    TopicSource("star", Role.AGENCY, "grants:statement"),
    TopicSource("administrator", Role.ADMINISTRATOR, "user_list"),
    TopicSource("kom-i-gang"),
    TopicSource("arbejdsaftale"),
    TopicSource("grundelementer"),
    TopicSource("dine-oplysninger"),
    TopicSource("opbevaring"),
    TopicSource("ordene"),
)


@dataclass(frozen=True)
class Section:
    """A part of a topic, with the anchor that links lead to."""

    anchor: str
    title: str
    text: str
    searched: str


@dataclass(frozen=True)
class Topic:
    """A page of the help."""

    code: str
    role: Role | None
    page: str
    title: str
    intro: str
    body: SafeString
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Finding:
    """A section in which all words of a search stand."""

    topic: Topic
    section: Section

    @property
    def excerpt(self) -> str:
        """The beginning of the section."""
        text = self.section.text
        return text if len(text) <= EXCERPT_LENGTH else text[:EXCERPT_LENGTH].rsplit(" ", 1)[0] + " …"


@cache
def all_topics() -> dict[str, Topic]:
    """Return all topics by code. They depend on nobody's data, so a process reads them once."""
    return {source.code: _topic(source) for source in SOURCES}


def topics_of_roles(roles: set[str]) -> tuple[list[Topic], list[Topic], list[Topic]]:
    """Return the topics of these roles, those for everybody, and those of the other roles."""
    every = list(all_topics().values())
    of_roles = [topic for topic in every if topic.role in roles]
    shared = [topic for topic in every if topic.role is None]
    return of_roles, shared, [topic for topic in every if topic not in of_roles and topic not in shared]


def search(query: str) -> list[Finding]:
    """Return the sections that hold each word of the query, those that have all in their title first."""
    words = folded(query).split()
    if not words:
        return []
    findings = [
        Finding(topic, section)
        for topic in all_topics().values()
        for section in topic.sections
        if all(word in section.searched for word in words)
    ]
    return sorted(
        findings, key=lambda finding: not all(word in folded(finding.section.title) for word in words)
    )


def _topic(source: TopicSource) -> Topic:
    """Read a topic's file. ValueError when it does not begin with title and paragraph."""
    html = render_to_string(f"help/topics/{source.code}.html")
    head = HEAD.match(html)
    if head is None:
        raise ValueError(f"the help {source.code} does not begin with a title and a paragraph")
    body = html[head.end() :]
    return Topic(
        code=source.code,
        role=source.role,
        page=source.page,
        title=_plain(head["title"]),
        intro=_plain(head["intro"]),
        body=mark_safe(body),  # noqa: S308 - our own template  # nosec B308, B703
        sections=tuple(_section(match) for match in SECTION.finditer(body)),
    )


def _section(match: re.Match[str]) -> Section:
    title, text = _plain(match["title"]), _plain(match["body"])
    return Section(match["anchor"], title, text, folded(f"{title} {text}"))


def _plain(html: str) -> str:
    """Return the text without markup, in one line."""
    return " ".join(unescape(strip_tags(html)).split())
