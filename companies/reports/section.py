"""The section of the companies' reports on the course's page (D48)."""

from typing import Any

from django.db.models import OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.links.models import RecipientKind
from cases.course_pages import CoursePage
from cases.extension_points import CourseOnDay, CourseSection
from companies.annex.engagements import engagements_of
from companies.links.last_sent import REPORT, last_links_of
from companies.models import PlacementReport, ReportState

#: The reports of a course that wait for a decision, as a subquery of courses.
WAITING_REPORTS = PlacementReport.objects.filter(
    placement__course=OuterRef("pk"), placement__withdrawn_at__isnull=True, state=ReportState.WAITING
)


def _context(course_on_day: CourseOnDay) -> dict[str, Any] | None:
    """Return the reports, those that wait first, and who can report; None without a work agreement."""
    engagements = engagements_of(course_on_day.course)
    if not engagements:
        return None
    rows = PlacementReport.objects.filter(placement__course=course_on_day.course)
    reports = list(rows.select_related("placement__company", "decided_by"))
    running = [engagement for engagement in engagements if course_on_day.on in engagement.days]
    links = last_links_of(course_on_day.course)
    return {
        "waiting": [row for row in reports if row.state == ReportState.WAITING],
        "decided": [row for row in reports if row.state != ReportState.WAITING][:10],
        "reporting": [(row.first, links.last(REPORT, row, RecipientKind.COMPANY_CONTACT)) for row in running],
    }


SECTION = CourseSection(
    key="reports",
    title=_("Reports from the company"),
    template="companies/reports_panel.html",
    page=CoursePage.COMPANY,
    order=13,
    context=_context,
)
