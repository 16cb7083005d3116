"""The reasonableness requirement of a company, from its stored placements (D24)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import Course
from companies.models import EMPLOYMENT_KINDS, Company, Placement, PlacementKind
from companies.rules.reasonableness import COUNTING_KINDS, PlacementStay, ReasonablenessAssessment, assess
from jobfirst.dates import DateSpan


def assess_company(
    company: Company,
    *,
    within: DateSpan,
    without: Course | None = None,
) -> ReasonablenessAssessment:
    """Return the requirement for one more person on these days; `without` is that person's own course.

    Placements with the trial's waiver for few hours are not counted.
    """
    others = Placement.objects.filter(company=company, kind__in=COUNTING_KINDS, waived_few_hours=False)
    if without is not None:
        others = others.exclude(course=without)
    stays = [PlacementStay(placement.course_id, placement.span) for placement in others]
    return assess(company.ordinary_employees, stays, within=within)


@dataclass(frozen=True)
class PlannedPlacement:
    """The values of a placement form that the requirement depends on."""

    kind: str
    span: DateSpan
    waived_few_hours: bool
    waived_employment: bool


def warnings(course: Course, company: Company, placement: PlannedPlacement) -> list[str]:
    """Return the warnings before a placement is agreed; they never forbid it (D24)."""
    texts = []
    if placement.kind in COUNTING_KINDS and not placement.waived_few_hours:
        requirement = assess_company(company, within=placement.span, without=course)
        if requirement.exceeded and requirement.places is not None:
            texts.append(exceeded_text(requirement))
    if placement.kind == PlacementKind.INTERNSHIP and not placement.waived_employment:
        employed = course.placements.filter(company=company, kind__in=EMPLOYMENT_KINDS)
        if employed.exists():
            texts.append(
                _(
                    "The citizen is or was employed at the company. An internship there needs the trial's "
                    "waiver: tick it off if it is used."
                )
            )
    return texts


def exceeded_text(requirement: ReasonablenessAssessment) -> str:
    """Return the warning with its numbers."""
    places = requirement.places or 0
    return ngettext(
        "The reasonableness requirement gives the company %(places)d place for internship and wage subsidy, "
        "and %(others)d is taken in the period.",
        "The reasonableness requirement gives the company %(places)d places for internship and wage subsidy, "
        "and %(others)d are taken in the period.",
        places,
    ) % {"places": places, "others": requirement.others}
