"""The section of the closing assessments on the course's page, and where a hiring leads (D54)."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.links.actions import LastLink
from accounts.links.models import RecipientKind
from cases.course_pages import CoursePage
from cases.extension_points import CourseOnDay, CourseSection
from cases.presentation.corrections import with_corrections
from companies.annex.engagements import engagements_of
from companies.links.last_sent import CLOSING, last_links_of
from companies.models import ClosingAssessment, ClosingOutcome, Placement
from companies.rules.closing import is_over
from jobfirst.values.dates import DAY


@dataclass(frozen=True)
class ClosedPlacement:
    """A placement that is over, with its assessment if it is given; `hire_url` leads on from a hiring.

    Links go to the parties of a work agreement; without one the assessment is written down from a call.
    `last_link` is the last one to whom is to answer next: the company, then the citizen (D44).
    """

    placement: Placement
    assessment: ClosingAssessment | None
    has_agreement: bool
    hire_url: str
    last_link: LastLink | None


def hire_url(placement: Placement, assessment: ClosingAssessment | None) -> str:
    """Return where the employment is entered, filled in as the company said; empty without a hiring, or once
    the citizen has a later placement of that kind there."""
    if assessment is None or assessment.outcome != ClosingOutcome.HIRED or placement.last_day is None:
        return ""
    later = placement.course.placements.filter(
        company=placement.company, kind=assessment.hired_as, starts_on__gt=placement.starts_on
    )
    if later.exists():
        return ""
    query = {
        "kind": assessment.hired_as,
        "cvr": placement.company.cvr,
        "from": (placement.last_day + DAY).isoformat(),
    }
    if placement.workplace_id:
        query["workplace"] = str(placement.workplace_id)
    return f"{reverse('companies:new_placement', args=[placement.course.public_id])}?{urlencode(query)}"


def _context(course_on_day: CourseOnDay) -> dict[str, Any] | None:
    """Return the placements that are over and not renewed, the latest first; None without any.

    Reads `placement.closing_assessment` of the placements fetched for the page.
    """
    placements = course_on_day.course.placements.all()
    renewed = {placement.renews_id for placement in placements}
    over = [
        placement
        for placement in reversed(placements)
        if is_over(placement.last_day, course_on_day.on, is_renewed=placement.pk in renewed)
    ]
    if not over:
        return None
    assessments = [row for placement in over if (row := getattr(placement, "closing_assessment", None))]
    with_corrections(assessments)
    engagements = engagements_of(course_on_day.course)
    links = last_links_of(course_on_day.course)
    rows = []
    for placement in over:
        assessment = getattr(placement, "closing_assessment", None)
        placement.course = course_on_day.course
        engagement = next((row for row in engagements if row.has(placement)), None)
        kind = RecipientKind.COMPANY_CONTACT if assessment is None else RecipientKind.CITIZEN
        link = None if engagement is None else links.last(CLOSING, engagement, kind)
        hire = hire_url(placement, assessment)
        rows.append(ClosedPlacement(placement, assessment, engagement is not None, hire, link))
    return {"closings": rows}


SECTION = CourseSection(
    key="closings",
    title=_("How the placements went"),
    template="companies/closings_panel.html",
    page=CoursePage.COMPANY,
    order=14,
    context=_context,
)
