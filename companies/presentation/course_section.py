"""The section of companies on the course page: matches, placements, and their bars on the timeline."""

from collections.abc import Iterator
from typing import Any

from django.db.models import OuterRef, Prefetch, Subquery
from django.utils.translation import gettext_lazy as _

from cases.extension_points import CourseOnDay, CourseSection
from cases.gap_closers import GapCloser
from cases.models import Course
from cases.presentation.timeline import TimelineBar
from companies.models import EMPLOYMENT_KINDS, AgreementState, Match, Placement, WorkAgreement

ACTIVE = WorkAgreement.objects.filter(placement=OuterRef("pk"), state=AgreementState.ACTIVE)
#: A course's matches and placements with their companies. The agreement in force is annotated
#: as `agreement` (its public id) and `agreement_number`, which saves a query.
PREFETCH = (
    Prefetch("matches", Match.objects.select_related("company")),
    Prefetch(
        "placements",
        Placement.objects.with_hours()
        .select_related("company")
        .annotate(
            agreement=Subquery(ACTIVE.values("public_id")), agreement_number=Subquery(ACTIVE.values("number"))
        ),
    ),
)
#: What the bars on the timeline show, and no more.
PLACEMENTS = Prefetch(
    "placements",
    Placement.objects.select_related("company").only(
        "public_id", "course", "kind", "starts_on", "planned_end_on", "ended_on", "company__name"
    ),
)
#: What the course page shows.
ON_THE_PAGE = (
    *PREFETCH,
    Prefetch(
        "placements",
        Placement.everything.filter(withdrawn_at__isnull=False).select_related("company", "withdrawn_by"),
        to_attr="withdrawn_placements",
    ),
)


def placement_bars(course: Course) -> Iterator[TimelineBar]:
    """Yield a bar for each placement, to its actual last day or else the planned one."""
    for placement in course.placements.all():
        kind = "employment" if placement.kind in EMPLOYMENT_KINDS else placement.kind
        label = f"{placement.get_kind_display()}, {placement.company}"
        yield TimelineBar(kind, label, placement.span)


def _context(course_on_day: CourseOnDay) -> dict[str, Any]:
    course = course_on_day.course
    return {
        "matches": list(course.matches.all()),
        "placements": list(reversed(course.placements.all())),
        "withdrawn": getattr(course, "withdrawn_placements", []),
    }


SECTION = CourseSection(
    key="placements",
    title=_("Companies and placements"),
    template="companies/panel.html",
    order=30,
    context=_context,
    prefetch=ON_THE_PAGE,
    bars=placement_bars,
    bars_prefetch=(PLACEMENTS,),
)
CLOSES_GAPS = GapCloser(
    "placement", _("Placement"), "companies:new_placement", "cases.manage_placements", order=20
)
