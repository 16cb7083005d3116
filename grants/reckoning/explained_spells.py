"""All spells of the projects' citizens, with the reasons why some of them earned nothing (D26–D28).

Reckoned from the placements, not read from the stored events; a test holds the two against each other.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import QuerySet

from cases.models import Course
from companies.models import Company
from grants.reckoning.spells import CourseSpells, fetch_course_spells
from grants.reckoning.statement import CitizenSpells
from grants.rules.entitlement import reckon
from grants.rules.values import EntitlementTerms, UnusedReason, UnusedSpell


@dataclass
class ExplainedSpells:
    """The spells of one project's citizens in order of course, and the companies' names by CVR number."""

    by_citizen: list[CitizenSpells] = field(default_factory=list)
    companies: dict[str, str] = field(default_factory=dict)


def explain_spells(
    courses: QuerySet[Course], cut_off: datetime.date, terms: Sequence[EntitlementTerms]
) -> dict[int, ExplainedSpells]:
    """Return the explained spells by project id."""
    by_project: dict[int, ExplainedSpells] = {}
    for course_spells in fetch_course_spells(courses):
        explained = by_project.setdefault(course_spells.course.course__project_id, ExplainedSpells())
        explained.by_citizen.append(_citizen_spells(course_spells, cut_off, terms))
        explained.companies.update((row.company__cvr, row.company__name) for row in course_spells.rows)
        for spell in course_spells.standing:
            for take_over in spell.take_overs:
                explained.companies.setdefault(take_over.successor, "")
    _add_names(by_project.values())
    return by_project


def _add_names(explained: Iterable[ExplainedSpells]) -> None:
    """Add the names of companies without a placement, which took over one with a placement."""
    explained = list(explained)
    nameless = {cvr for item in explained for cvr, name in item.companies.items() if not name}
    names = dict(Company.objects.filter(cvr__in=nameless).values_list("cvr", "name")) if nameless else {}
    for item in explained:
        item.companies.update({cvr: names[cvr] for cvr, name in item.companies.items() if not name})


def _citizen_spells(
    course_spells: CourseSpells, cut_off: datetime.date, terms: Sequence[EntitlementTerms]
) -> CitizenSpells:
    """Return one citizen's spells; withdrawn placements are listed as unused."""
    standing, withdrawn = course_spells.standing, course_spells.withdrawn
    entitlement = reckon(standing, replace(course_spells.window, cut_off=cut_off), terms)
    return CitizenSpells(
        course_spells.citizen,
        (*standing, *withdrawn),
        (*entitlement.unused, *(UnusedSpell(spell.id, UnusedReason.WITHDRAWN) for spell in withdrawn)),
        course_ended_on=course_spells.course.course__ended_on,
        longest=entitlement.longest,
        left_on=course_spells.window.ends_on,
    )
