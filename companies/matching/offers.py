"""What companies offer a project, as the rule of matching takes it: its openings, and companies at which it
has had matches before."""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from companies.headcounts import headcount_of, stays_at, with_several_workplaces
from companies.models import Company, DialogueStep, JobOpening, Match, Placement, Succession, Workplace
from companies.rules.matching import WorkOffer, likeness
from companies.rules.reasonableness import assess
from jobfirst.values.dates import DateSpan


@dataclass(frozen=True)
class CompanyOffer:
    """An offer with its company; without an opening it rests on earlier matches of the project."""

    company: Company
    workplace: Workplace | None
    opening: JobOpening | None
    offer: WorkOffer

    @property
    def postal_code(self) -> str:
        """The postal code of the workplace, else of the company; empty while it is not known."""
        return (self.workplace.postal_code if self.workplace else "") or self.company.postal_code

    @property
    def key(self) -> str:
        """What names the offer in a form."""
        return str(self.opening.public_id) if self.opening else self.company.cvr


@dataclass(frozen=True)
class MatchesBefore:
    """How many matches the project has had at a company for a job function."""

    company_id: int
    job_function: str
    number: int


def offers_of(
    project_id: int, on: datetime.date, openings: Collection[JobOpening] | None = None
) -> list[CompanyOffer]:
    """Return what can be offered on the day to citizens of the project. Six queries.

    An opening that is filled, past its last day or at a closed workplace is no offer, nor is a company that
    was taken over or all of whose workplaces are closed. With `openings` only these are returned.
    """
    before = _matches_before(project_id)
    if openings is None:
        openings = list(open_openings(project_id, on))
        pairs = {(row.company_id, row.job_function) for row in before}
        pairs = {pair for pair in pairs if not any(_is_of(opening, *pair) for opening in openings)}
        earlier = {company.pk: company for company in _companies_in_use({pk for pk, _name in pairs}, on)}
    else:
        pairs, earlier = set(), {}
    places = _PlacesLeft([*(opening.company for opening in openings), *earlier.values()], on)
    offers = [_of_opening(opening, before, places) for opening in openings]
    offers += [
        _of_matches(earlier[pk], job_function, before, places)
        for pk, job_function in sorted(pairs)
        if pk in earlier
    ]
    return offers


def open_openings(project_id: int, on: datetime.date) -> Iterable[JobOpening]:
    """Return the project's openings that are not filled on the day, with `filled`: how many have a match."""
    matched = Count("dialogues", filter=Q(dialogues__step=DialogueStep.MATCH))
    openings = JobOpening.objects.of_projects([project_id]).open_on(on)
    openings = openings.exclude(company__in=_taken_over(on))
    return (
        openings.select_related("company", "workplace")
        .annotate(filled=matched)
        .filter(places__gt=F("filled"))
    )


def _companies_in_use(ids: Collection[int], on: datetime.date) -> Iterable[Company]:
    """Return those that have an open workplace, or no workplace on record, and are not taken over."""
    in_use = Q(workplaces__isnull=True) | Q(workplaces__is_closed=False)
    return Company.objects.filter(in_use, pk__in=ids).exclude(pk__in=_taken_over(on)).distinct()


def _taken_over(on: datetime.date) -> QuerySet[Company]:
    """Return the companies all of whose workplaces have gone over to another one by the day."""
    take_overs = Succession.objects.standing().filter(from_on__lte=on, all_workplaces=True)
    return Company.objects.filter(pk__in=take_overs.values("predecessor"))


def _is_of(opening: JobOpening, company_id: int, job_function: str) -> bool:
    """Whether the opening is at the company, for a job function like this one."""
    return opening.company_id == company_id and bool(likeness(opening.job_function, job_function))


def _matches_before(project_id: int) -> list[MatchesBefore]:
    matches = Match.objects.filter(course__project_id=project_id).exclude(job_function="").order_by()
    rows = matches.values_list("company_id", "job_function").annotate(number=Count("pk"))
    return [MatchesBefore(*row) for row in rows]


def _number_before(before: Iterable[MatchesBefore], company_id: int, job_function: str) -> int:
    """Return how many matches the company has had for a job function like this one."""
    return sum(
        row.number
        for row in before
        if row.company_id == company_id and likeness(job_function, row.job_function)
    )


def _of_opening(opening: JobOpening, before: Iterable[MatchesBefore], places: "_PlacesLeft") -> CompanyOffer:
    workplace = opening.workplace
    offer = WorkOffer(
        job_function=opening.job_function,
        company=opening.company.name,
        workplace=str(workplace) if workplace else "",
        tasks=opening.tasks,
        accommodations=opening.accommodations,
        hours=opening.hours,
        times=tuple(opening.times),
        places_left=opening.places - getattr(opening, "filled", 0),
        company_places_left=places.at(opening.company, workplace),
        town=(workplace.town if workplace else "") or opening.company.town,
        from_on=opening.from_on,
        matches_before=_number_before(before, opening.company_id, opening.job_function),
    )
    return CompanyOffer(opening.company, workplace, opening, offer)


def _of_matches(
    company: Company, job_function: str, before: Iterable[MatchesBefore], places: "_PlacesLeft"
) -> CompanyOffer:
    offer = WorkOffer(
        job_function=job_function,
        company=company.name,
        company_places_left=places.at(company, None),
        town=company.town,
        matches_before=_number_before(before, company.pk, job_function),
    )
    return CompanyOffer(company, None, None, offer)


class _PlacesLeft:
    """How many more persons companies may have on a day by the reasonableness requirement (D24)."""

    def __init__(self, companies: Collection[Company], on: datetime.date) -> None:
        self.day = DateSpan(on, on)
        self.stays = stays_at(companies, Placement.objects.running(on))
        self.with_several = with_several_workplaces(companies)

    def at(self, company: Company, workplace: Workplace | None) -> int | None:
        """Return the free places at the workplace, or at the company; None: the employees are not known."""
        headcount = headcount_of(company, workplace, is_only=company.pk not in self.with_several)
        assessment = assess(headcount, self.stays[company.cvr], within=self.day)
        return None if assessment.places is None else assessment.places - assessment.others
