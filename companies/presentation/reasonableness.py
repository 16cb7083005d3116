"""The reasonableness requirement at a company as it stands in the database (D24)."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import Course
from companies.models import EMPLOYMENT_KINDS, Company, Placement, PlacementKind
from companies.rules.reasonableness import COUNTING_KINDS, Assessment, Stay, assess


def assess_company(
    company: Company,
    *,
    first: datetime.date,
    last: datetime.date | None,
    without: Course | None = None,
) -> Assessment:
    """The requirement for one person more; `without` is that person's own course. Those whom the trial's
    waiver leaves out are not counted."""
    others = Placement.objects.filter(company=company, kind__in=COUNTING_KINDS, waived_few_hours=False)
    if without is not None:
        others = others.exclude(course=without)
    stays = [Stay(one.course_id, one.starts_on, one.last_day) for one in others]
    return assess(company.ordinary_employees, stays, first=first, last=last)


@dataclass(frozen=True)
class Agreed:
    """What a form says of a placement that is to be judged."""

    kind: str
    starts_on: datetime.date
    planned_end_on: datetime.date | None
    waived_few_hours: bool
    waived_employment: bool


def warnings(course: Course, company: Company, agreed: Agreed) -> list[str]:
    """What to think of before this is agreed: warned of, never forbidden (D24)."""
    found = []
    if agreed.kind in COUNTING_KINDS and not agreed.waived_few_hours:
        requirement = assess_company(
            company, first=agreed.starts_on, last=agreed.planned_end_on, without=course
        )
        if requirement.exceeded and requirement.places is not None:
            found.append(exceeded_text(requirement))
    if agreed.kind == PlacementKind.INTERNSHIP and not agreed.waived_employment:
        employed = course.placements.filter(company=company, kind__in=EMPLOYMENT_KINDS)
        if employed.exists():
            found.append(
                _(
                    "The citizen is or was employed at the company. An internship there needs the trial's "
                    "waiver: tick it off if it is used."
                )
            )
    return found


def exceeded_text(requirement: Assessment) -> str:
    """The warning in words, with its figures."""
    places = requirement.places or 0
    return ngettext(
        "The reasonableness requirement gives the company %(places)d place for internship and wage subsidy, "
        "and %(others)d is taken in the period.",
        "The reasonableness requirement gives the company %(places)d places for internship and wage subsidy, "
        "and %(others)d are taken in the period.",
        places,
    ) % {"places": places, "others": requirement.others}
