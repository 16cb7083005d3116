"""The section of companies on the course page: matches, placements, and their bars on the timeline."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.course_pages import CoursePage
from cases.extension_points import BarSource, CourseOnDay, CourseSection, EarlierLine, PhaseRequirement
from cases.gap_closers import GapCloser
from cases.models import Course
from cases.presentation.corrections import with_corrections
from cases.presentation.timeline import TimelineBar
from cases.rules.phases import Phase
from companies.actions.withdrawals import may_stand_again_at_once
from companies.models import (
    EMPLOYMENT_KINDS,
    Match,
    Placement,
    PlacementKind,
    WorkAgreement,
)
from jobfirst.values.dates import DateSpan

NEWEST = WorkAgreement.objects.current().filter(placement=OuterRef("pk"))
#: A course's matches and placements with their companies. The newest work agreement is annotated
#: as `agreement` (its public id), `agreement_number` and `agreement_state`, which saves a query.
MATCHES = Prefetch("matches", Match.objects.select_related("company"))
PLACEMENTS = (
    Placement.objects.with_hours()
    .select_related("company")
    .annotate(
        agreement=Subquery(NEWEST.values("public_id")[:1]),
        agreement_number=Subquery(NEWEST.values("number")[:1]),
        agreement_state=Subquery(NEWEST.values("state")[:1]),
    )
)
PREFETCH = (MATCHES, Prefetch("placements", PLACEMENTS))
#: What the course page shows; also how each placement went, which saves the section of it a query.
ON_THE_PAGE = (
    MATCHES,
    Prefetch("placements", PLACEMENTS.select_related("company", "closing_assessment")),
    Prefetch(
        "placements",
        Placement.everything.filter(withdrawn_at__isnull=False).select_related("company", "withdrawn_by"),
        to_attr="withdrawn_placements",
    ),
)


#: What the bars on the timeline show of a course's placements.
BAR_ROWS = ArraySubquery(
    Placement.objects.filter(course=OuterRef("pk")).values(
        row=JSONObject(
            kind="kind",
            company="company__name",
            first="starts_on",
            last=Coalesce("ended_on", "planned_end_on"),
        )
    )
)


def placement_bars(rows: Iterable[Mapping[str, Any]]) -> Iterator[TimelineBar]:
    """Yield a bar for each placement, to its actual last day or else the planned one."""
    for row in rows:
        kind = "employment" if row["kind"] in EMPLOYMENT_KINDS else row["kind"]
        label = f"{PlacementKind(row['kind']).label}, {row['company']}"
        yield TimelineBar(kind, label, DateSpan.from_iso(row["first"], row["last"]))


def _context(course_on_day: CourseOnDay) -> dict[str, Any]:
    course = course_on_day.course
    withdrawn = getattr(course, "withdrawn_placements", [])
    may_undo = course_on_day.may.get("placements", False)
    matches = list(course.matches.all())
    placements = list(reversed(course.placements.all()))
    # With them what other sections of the page show of the placements: one query instead of one each.
    weeks = [week for placement in placements for week in placement.attendance.all()]
    assessments = [
        placement.closing_assessment for placement in placements if hasattr(placement, "closing_assessment")
    ]
    with_corrections([*matches, *weeks, *assessments])
    return {
        "matches": matches,
        "placements": placements,
        "withdrawn": withdrawn,
        "undoable": [
            placement
            for placement in withdrawn
            if may_undo and may_stand_again_at_once(placement, course_on_day.user, course_on_day.on)
        ],
    }


def _ended(course_on_day: CourseOnDay) -> Iterator[EarlierLine]:
    """Yield the placements whose last day has passed."""
    for placement in course_on_day.course.placements.all():
        if placement.ended_on is not None and placement.ended_on < course_on_day.on:
            yield EarlierLine(
                f"{placement.get_kind_display()}, {placement.company}", placement.span, "placements"
            )


def _match_url(course: Course) -> str:
    return reverse("companies:new_match", args=[course.public_id])


def _internship_url(course: Course) -> str:
    """Return where an internship is recorded; without a match, where that is."""
    if not getattr(course, "has_match", True):
        return _match_url(course)
    return reverse("companies:new_placement", args=[course.public_id]) + "?kind=internship"


def _agreement_url(course: Course) -> str:
    """Return the work agreement of the last internship; without one, where an internship is recorded."""
    internship = course.placements.filter(kind=PlacementKind.INTERNSHIP).last()
    if internship is None:
        return _internship_url(course)
    return reverse("companies:agreement", args=[internship.public_id])


SECTION = CourseSection(
    key="placements",
    title=_("Companies and placements"),
    template="companies/panel.html",
    page=CoursePage.COMPANY,
    order=10,
    context=_context,
    prefetch=ON_THE_PAGE,
    bars=BarSource(BAR_ROWS, placement_bars),
    earlier=_ended,
)
CLOSES_GAPS = GapCloser(
    "placement", _("Placement"), "companies:new_placement", "cases.manage_placements", order=20
)
MATCH = PhaseRequirement(
    key="match",
    phase=Phase.INTERNSHIP,
    order=20,
    label=_("Match with a company"),
    is_met=Exists(Match.objects.filter(course=OuterRef("pk"))),
    url=_match_url,
    perm="cases.manage_placements",
)
INTERNSHIP = PhaseRequirement(
    key="internship",
    phase=Phase.INTERNSHIP,
    order=30,
    label=_("Internship"),
    is_met=Exists(Placement.objects.filter(course=OuterRef("pk"), kind=PlacementKind.INTERNSHIP)),
    url=_internship_url,
    perm="cases.manage_placements",
)
WORK_AGREEMENT = PhaseRequirement(
    key="work_agreement",
    phase=Phase.INTERNSHIP,
    order=40,
    label=_("Work agreement"),
    is_met=Exists(
        WorkAgreement.objects.signed_by_all().filter(
            placement__course=OuterRef("pk"),
            placement__kind=PlacementKind.INTERNSHIP,
            placement__withdrawn_at__isnull=True,
        )
    ),
    url=_agreement_url,
    perm="cases.manage_placements",
)
REQUIREMENTS = (MATCH, INTERNSHIP, WORK_AGREEMENT)
