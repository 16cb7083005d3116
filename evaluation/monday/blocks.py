"""The blocks of the Monday page: figures as tiles, each number with the address of its list."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import Project
from cases.presentation.phases import PHASE_WORDS
from cases.rules.phases import Phase
from companies.models import PlacementKind
from evaluation.measures import registry
from evaluation.measures.figures import ByProject
from evaluation.measures.values import Figure, Measure
from evaluation.measures.words import value_in_words
from evaluation.monday.lists import NOTE_WORDS, list_url
from evaluation.monday.news import NEWS
from evaluation.monday.this_week import THIS_WEEK
from evaluation.rules.enrolment import expected_enrolment, forecast_enrolment
from jobfirst.charts.values import Chart
from jobfirst.kit.days import written_day
from jobfirst.values.dates import DateSpan


@dataclass(frozen=True)
class LinkedNumber:
    """A number that opens its list, with the words around it."""

    value: int
    url: str
    before: str = ""
    after: str = ""
    stands_beside: bool = False


@dataclass(frozen=True)
class Tile:
    """A figure: what it is, its value (a number with its list, or text), and numbers that say more."""

    label: str | Promise
    value: LinkedNumber | str
    details: Sequence[LinkedNumber | str] = ()

    @property
    def is_text(self) -> bool:
        """Whether the value is text."""
        return isinstance(self.value, str)

    def detail_lines(self) -> list[tuple[LinkedNumber | None, str]]:
        """Return the details as a number or a text each."""
        return [(None, line) if isinstance(line, str) else (line, "") for line in self.details]


@dataclass(frozen=True)
class Block:
    """A part of the page: its heading, of when it is, its tiles and charts, and where more is to be seen."""

    key: str
    heading: str
    as_of: str
    tiles: Sequence[Tile] = ()
    charts: Sequence[Chart] = ()
    links: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class PageFigures:
    """The figures of one project on the day, with what names their lists."""

    project: Project
    on: datetime.date
    first: datetime.date
    since: datetime.date
    figures: Mapping[str, ByProject] = field(repr=False)

    def of(self, measure: Measure) -> Figure:
        """Return the figure of a measure."""
        return self.figures[measure.code][self.project.pk]

    def number(
        self,
        measure: Measure,
        value: int,
        *,
        counts: bool | None = None,
        note: str | None = None,
        before: str = "",
        after: str = "",
    ) -> LinkedNumber:
        """Return a number of the measure with its list."""
        first = self.since if measure in NEWS else self.first
        url = list_url(self.project, measure.code, first=first, counts=counts, note=note)
        return LinkedNumber(value, url, before, after)

    def share(self, measure: Measure, missing: str = "") -> Tile:
        """Return a share in percent, with its numerator and denominator; `missing` names what does not
        count."""
        figure = self.of(measure)
        details: list[LinkedNumber | str] = [
            replace(self.number(measure, figure.counted, counts=True), stands_beside=True),
            replace(self.number(measure, figure.rows, before=_("of")), stands_beside=True),
        ]
        if missing:
            details.append(self.number(measure, figure.rows - figure.counted, counts=False, after=missing))
        return Tile(measure.label, value_in_words(measure, figure), details)

    def count(self, measure: Measure) -> Tile:
        """Return the number of a measure's rows."""
        return Tile(measure.label, self.number(measure, self.of(measure).rows))

    def address(self, name: str, **query: str) -> str:
        """Return the address of a list of another app, of this project."""
        return f"{reverse(name)}?{urlencode({'project': self.project.slug, **query})}"


def action_block(page: PageFigures) -> Block:
    """Return what is to be done this week: meetings, reviews, gaps, plans."""
    meetings, gaps = page.of(THIS_WEEK), page.of(registry.GAPS)
    now, coming = gaps.by_note.get("now", 0), gaps.by_note.get("coming", 0)
    unanswered = meetings.rows - meetings.counted
    tiles = [
        Tile(
            THIS_WEEK.label,
            page.number(THIS_WEEK, meetings.rows),
            [
                page.number(THIS_WEEK, meetings.counted, counts=True, after=_("with the review answered")),
                page.number(THIS_WEEK, unanswered, counts=False, after=_("without")),
            ],
        ),
        Tile(
            registry.GAPS_AHEAD.label,
            LinkedNumber(now + coming, page.address("cases:gaps", when="ahead")),
            [
                page.number(registry.GAPS, now, note="now", after=_("open now")),
                page.number(registry.GAPS, coming, note="coming", after=_("coming")),
            ],
        ),
        Tile(
            _("All gaps, the closed ones as well"),
            LinkedNumber(gaps.rows, page.address("cases:gaps")),
            [_("of the courses that run")],
        ),
        Tile(
            registry.PLANS_DUE.label,
            LinkedNumber(
                page.of(registry.PLANS_DUE).rows, page.address("cases:courses", due="plan_for_job_due")
            ),
        ),
    ]
    return Block("week", _("This week"), _as_of(page.on), tiles)


def news_block(page: PageFigures) -> Block:
    """Return what is new since the last Monday."""
    as_of = _("From %(first)s to today, %(day)s.") % {
        "first": written_day(page.since, "l j. F"),
        "day": written_day(page.on),
    }
    return Block("news", _("New since Monday"), as_of, [page.count(measure) for measure in NEWS])


def enrolment_block(page: PageFigures, last_day: datetime.date, minimum: int) -> Block:
    """Return the enrolment against the project's own target, which holds for each arm as the `minimum` does,
    and against the deadline (D3)."""
    drawn, referrals = page.of(registry.DRAWN), page.of(registry.REFERRALS)
    participants, controls = drawn.counted, drawn.rows - drawn.counted
    target, span = page.project.target_count, DateSpan(page.project.starts_on, last_day)
    pace = expected_enrolment(target, span=span, on=page.on)
    goal = _("of the target %(target)s, at least %(minimum)s") % {
        "target": number_format(target),
        "minimum": number_format(minimum),
    }
    days_left = max(0, (last_day - page.on).days)
    tiles = [
        Tile(
            _("Participants"),
            page.number(registry.DRAWN, participants, counts=True),
            [goal, _("at an even pace %(pace)s by now") % {"pace": number_format(pace)}],
        ),
        Tile(
            _("Controls"),
            page.number(registry.DRAWN, controls, counts=False),
            [goal],
        ),
        Tile(_("Waiting for the draw"), page.number(registry.REFERRALS, referrals.counted, counts=True)),
        Tile(
            _("Not eligible"),
            page.number(registry.REFERRALS, referrals.by_note.get("refused", 0), note="refused"),
        ),
        Tile(
            _("Last day of enrolment"),
            str(written_day(last_day)),
            [_("%(days)s days left") % {"days": number_format(days_left)} if days_left else _("closed")],
        ),
        Tile(
            _("Forecast that day"),
            number_format(forecast_enrolment(participants, span=span, on=page.on)),
            [_("participants, at the pace until now")],
        ),
    ]
    return Block("enrolment", _("Enrolment"), _as_of(page.on), tiles)


def courses_block(page: PageFigures, chart: Chart) -> Block:
    """Return the courses by phase, today and over time."""
    phases = page.of(registry.PHASES).by_note
    tiles = [
        Tile(
            PHASE_WORDS[phase],
            LinkedNumber(phases.get(phase, 0), page.address("cases:courses", phase=phase)),
            _still_to_end(page) if phase is Phase.ENDED else [],
        )
        for phase in Phase
        if phase is not Phase.NOT_STARTED
    ]
    drop_outs = page.share(registry.DROP_OUT)
    return Block(
        "phases", _("Courses by phase"), _as_of(page.on), [*tiles, drop_outs, *_reasons(page)], [chart]
    )


def _still_to_end(page: PageFigures) -> list[str]:
    """Return how many courses have not ended, if any, and by when they are to have (D3: the project's last
    day)."""
    phases = page.of(registry.PHASES).by_note
    running = sum(phases.values()) - phases.get(Phase.ENDED, 0)
    if not running:
        return []
    last_day = page.project.ends_on
    words = (
        _("%(running)s still to end, by %(day)s at the latest")
        if page.on <= last_day
        else _("%(running)s should have ended by %(day)s")
    )
    return [words % {"running": number_format(running), "day": written_day(last_day)}]


def _reasons(page: PageFigures) -> list[Tile]:
    """Return why courses have ended, 13 weeks completed or not, as one tile of numbers."""
    words = NOTE_WORDS[registry.DROP_OUT.code]
    reasons = [
        page.number(registry.DROP_OUT, number, note=code, after=str(words.get(code, code)).lower())
        for code, number in sorted(page.of(registry.DROP_OUT).by_note.items(), key=lambda item: -item[1])
        if code
    ]
    return [Tile(_("Why courses have ended"), "", reasons)] if reasons else []


def work_block(page: PageFigures, chart: Chart) -> Block:
    """Return the placements by kind, the ordinary hours, and the 13 weeks."""
    by_kind = page.of(registry.PLACEMENTS).by_note
    tiles = [
        Tile(label, page.number(registry.PLACEMENTS, by_kind.get(kind, 0), note=kind))
        for kind, label in PlacementKind.choices
    ]
    mean = page.of(registry.ORDINARY_MEAN)
    tiles += [
        page.share(registry.ORDINARY_SHARE),
        Tile(
            registry.ORDINARY_MEAN.label,
            value_in_words(registry.ORDINARY_MEAN, mean),
            [
                page.number(
                    registry.ORDINARY_MEAN, mean.rows, before=_("of"), after=_("in internship or work")
                )
            ],
        ),
        page.share(registry.COMPLETED),
    ]
    return Block("work", _("Placements and hours"), _as_of(page.on), tiles, [chart])


def quality_block(page: PageFigures) -> Block:
    """Return contacts, meetings, reviews, core elements and progression."""
    as_of = _("From %(first)s to %(day)s.") % {"first": written_day(page.first), "day": written_day(page.on)}
    tiles = [
        page.share(registry.WEEKLY_CONTACT, _("missed")),
        page.share(registry.MEETINGS, _("late")),
        page.share(registry.REVIEWS, _("missing")),
        page.share(registry.EMPTY_DAYS),
        page.share(registry.NINE_ELEMENTS),
        page.share(registry.PROGRESSED),
    ]
    links = [
        (page.address("evaluation:elements"), _("Core elements")),
        (page.address("evaluation:spread"), _("How the steps are used")),
        (page.address("evaluation:deviations"), _("Deviations from the protocol")),
    ]
    return Block("quality", _("Follow-up and fidelity"), as_of, tiles, links=links)


def grant_block(page: PageFigures, *, may_forecast: bool) -> Block:
    """Return the grant earned and expected."""
    tiles = []
    for measure in (registry.EARNED, registry.EXPECTED):
        figure = page.of(measure)
        number = page.number(measure, figure.rows, after=_("starts and completions"))
        tiles.append(Tile(measure.label, value_in_words(measure, figure), [number]))
    forecast = reverse("grants:forecast", args=[page.project.slug])
    links = [(forecast, _("Forecast"))] if may_forecast else []
    return Block("grant", _("Grant"), _as_of(page.on), tiles, links=links)


def _as_of(on: datetime.date) -> str:
    return _("As of %(day)s.") % {"day": written_day(on)}
