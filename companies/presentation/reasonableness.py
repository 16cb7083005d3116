"""The reasonableness requirement of a workplace, from its stored placements, with its arithmetic (D24)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from cases.models import Course
from companies.headcounts import headcount_of, stays_at, with_several_workplaces
from companies.models import EMPLOYMENT_KINDS, Company, Placement, PlacementKind, Workplace
from companies.rules.reasonableness import (
    COUNTING_KINDS,
    LARGE_SHARE,
    SMALL_SHARE,
    SMALL_UP_TO,
    PlaceCount,
    ReasonablenessAssessment,
    assess,
)
from jobfirst.values.dates import DateSpan


def assess_company(
    company: Company,
    *,
    within: DateSpan,
    workplace: Workplace | None = None,
    without: Course | None = None,
    employees: int | None = None,
) -> ReasonablenessAssessment:
    """Return the requirement for one more person on these days; `without` is that person's own course.

    Without a workplace the whole company is counted. Persons are courses by id. `employees` is a number that
    is not stored yet: of the workplace, or of the company without one.
    """
    others = Placement.objects.exclude(course=without) if without is not None else Placement.objects.all()
    stays = stays_at([company], others)[company.cvr]
    is_only = workplace is not None and company.pk not in with_several_workplaces([company])
    return assess(headcount_of(company, workplace, is_only=is_only, typed=employees), stays, within=within)


@dataclass(frozen=True)
class PlannedPlacement:
    """The values of a placement form that the requirement depends on; `employees` is what was typed there."""

    kind: str
    span: DateSpan
    waived_few_hours: bool = False
    waived_employment: bool = False
    workplace: Workplace | None = None
    employees: int | None = None


def warnings(course: Course, company: Company, placement: PlannedPlacement) -> list[str]:
    """Return the warnings before a placement is agreed; they never forbid it (D24)."""
    texts = []
    if placement.kind in COUNTING_KINDS and not placement.waived_few_hours:
        requirement = assess_company(
            company,
            within=placement.span,
            workplace=placement.workplace,
            without=course,
            employees=placement.employees,
        )
        if requirement.exceeded:
            exceeded = exceeded_text(requirement, placement.workplace)
            texts.append(" ".join([exceeded, *places_in_words(requirement.count)]))
        elif requirement.count is None:
            texts.append(unknown_employees(placement.workplace))
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


def unknown_employees(workplace: Workplace | None) -> str:
    """Return the request for the number of ordinary employees, of the workplace when one is named."""
    if workplace is not None:
        text = _(
            "The number of ordinary employees at %(workplace)s is not known, so the reasonableness "
            "requirement cannot be counted. Write it below if you know it."
        )
        return text % {"workplace": workplace}
    return _(
        "The number of ordinary employees is not known, so the reasonableness requirement cannot be counted. "
        "Write it below if you know it."
    )


def exceeded_text(requirement: ReasonablenessAssessment, workplace: Workplace | None) -> str:
    """Return the warning with its numbers; it names the workplace that is counted, if there is one."""
    places = requirement.places or 0
    if workplace is not None:
        return ngettext(
            "The reasonableness requirement gives %(workplace)s %(places)d place for internship and wage "
            "subsidy, and %(others)d is taken in the period.",
            "The reasonableness requirement gives %(workplace)s %(places)d places for internship and wage "
            "subsidy, and %(others)d are taken in the period.",
            places,
        ) % {"workplace": workplace, "places": places, "others": requirement.others}
    return ngettext(
        "The reasonableness requirement gives the company %(places)d place for internship and wage subsidy, "
        "and %(others)d is taken in the period.",
        "The reasonableness requirement gives the company %(places)d places for internship and wage subsidy, "
        "and %(others)d are taken in the period.",
        places,
    ) % {"places": places, "others": requirement.others}


def places_in_words(count: PlaceCount | None) -> list[str]:
    """Return how the number of places follows from the employees; nothing while they are not known."""
    if count is None:
        return []
    numbers = {
        "employees": count.employees,
        "upto": SMALL_UP_TO,
        "small": SMALL_SHARE,
        "large": LARGE_SHARE,
        "first": count.up_to_fifty,
        "rest": count.employees - SMALL_UP_TO,
        "above": count.above_fifty,
        "total": count.total,
    }
    if count.employees < SMALL_SHARE:
        return [_("%(employees)d ordinary employees: there is always 1 place.") % numbers]
    if count.employees <= SMALL_UP_TO:
        return [_("%(employees)d ordinary employees, 1 place for every %(small)d: %(first)d.") % numbers]
    return [
        _(
            "%(employees)d ordinary employees: the first %(upto)d give 1 place for every %(small)d "
            "(%(first)d), the other %(rest)d give 1 for every %(large)d (%(above)d): %(total)d."
        )
        % numbers
    ]


@dataclass(frozen=True)
class ShownRequirement:
    """The requirement of one placement as its page shows it: the result and how it is reckoned. `citizens`
    are the courses that it names."""

    requirement: ReasonablenessAssessment
    lines: Sequence[str]
    citizens: Sequence[Course]


def shown_requirement(placement: Placement, user: User) -> ShownRequirement:
    """Return the requirement of a placement's days; only citizens whom the user sees are named. At most
    three queries.

    The caller records the named citizens as shown.
    """
    requirement = _of_placement(placement)
    persons = {*requirement.persons, *requirement.left_out}
    courses = Course.objects.visible_to(user).filter(pk__in=persons).select_related("citizen", "referral")
    names = {course.pk: course for course in courses} if persons else {}
    lines = places_in_words(requirement.count)
    if requirement.persons:
        text = _("On %(day)s, the fullest day, these others take a place: %(persons)s.")
        words = {"day": date_format(requirement.day), "persons": _named(requirement.persons, names)}
        lines.append(text % words)
    else:
        lines.append(_("Nobody else takes a place on these days."))
    if requirement.left_out:
        text = _("Left out by the trial's waiver for few weekly hours: %(persons)s.")
        lines.append(text % {"persons": _named(requirement.left_out, names)})
    return ShownRequirement(requirement, lines, list(names.values()))


def _of_placement(placement: Placement) -> ReasonablenessAssessment:
    return assess_company(
        placement.company,
        within=placement.span,
        workplace=placement.workplace,
        without=placement.course,
    )


def _named(persons: Sequence[int], names: dict[int, Course]) -> str:
    """Return the persons in words: those that may be named by name, the others as a number."""
    own_citizens = [names[person].citizen_name for person in persons if person in names]
    number = len(persons) - len(own_citizens)
    words = ngettext("%(number)d other person", "%(number)d other persons", number) % {"number": number}
    return ", ".join([*own_citizens, *([words] if number else [])])
