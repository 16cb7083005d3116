"""What speaks for and against an opening for a citizen: job goal, accommodations, hours, places (D10–D24).

A suggestion is a list of reasons, never a number: staff see why it is there and what to ask about. The order
follows from the same reasons (`order_of`).

1. The job goal names the job function, the workplace, or something among the tasks.
2. Each accommodation of the citizen is named by the opening or not, and so to be asked about.
3. The hours lie within those that the accommodations allow, and the work at times that they do not rule out.
4. Places: of the opening, and by the reasonableness requirement at the workplace.
5. Whether the place is in the citizen's municipality; what the project has done with the company before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from cases.rules.work_limits import WorkLimits
from companies.rules.attendance import USUAL_DAYS

#: Two words fit when they begin with so many letters alike.
SAME_BEGINNING = 5
#: A word that is the beginning of another one fits it from this length on.
SHORTEST_STEM = 4

#: Words that stand in every job or accommodation and tell nothing.
_COMMON = """
    af alle alt andet andre arbejde arbejder arbejdet arbejdsopgaver arbejdsplads assistent at den
    der det efter eller en enkelte er et evt for fra få gerne har hjælp hjælpe hjælper hos hver i
    ikke ingen job jobbet kan lidt man med medarbejder medhjælper meget mindre mulighed mulige
    muligt må ned når og også om op opgave opgaver over på praktik samt skal skånehensyn små som
    stilling så til tæt ud uden under ved vil være
"""
WORD = re.compile(r"[^\W\d_]+")
COMMON_WORDS = frozenset(WORD.findall(_COMMON))


class ReasonCode(Enum):
    """What a reason says; its words are in `companies.matching.words`."""

    # For
    GOAL_NAMES_FUNCTION = "goal_names_function"
    GOAL_NAMES_WORKPLACE = "goal_names_workplace"
    GOAL_FITS_TASKS = "goal_fits_tasks"
    ACCOMMODATION_POSSIBLE = "accommodation_possible"
    HOURS_WITHIN = "hours_within"
    TIMES_WITHIN = "times_within"
    PLACES_LEFT = "places_left"
    SAME_PLACE = "same_place"
    MATCHED_BEFORE = "matched_before"
    # Against, or to be asked about
    GOAL_NAMES_OTHER = "goal_names_other"
    ACCOMMODATION_NOT_NAMED = "accommodation_not_named"
    HOURS_ABOVE = "hours_above"
    HOURS_UNKNOWN = "hours_unknown"
    TIMES_OUTSIDE = "times_outside"
    TIMES_PARTLY_OUTSIDE = "times_partly_outside"
    TIMES_UNKNOWN = "times_unknown"
    NO_PLACE_LEFT = "no_place_left"
    EMPLOYEES_UNKNOWN = "employees_unknown"
    BEGINS_LATER = "begins_later"


#: The reasons by which a suggestion answers the job goal.
ANSWERS_GOAL = frozenset(
    {ReasonCode.GOAL_NAMES_FUNCTION, ReasonCode.GOAL_NAMES_WORKPLACE, ReasonCode.GOAL_FITS_TASKS}
)
#: The reasons that speak against an offer, and those that are to be asked about.
AGAINST = frozenset(
    {
        ReasonCode.GOAL_NAMES_OTHER,
        ReasonCode.HOURS_ABOVE,
        ReasonCode.TIMES_OUTSIDE,
        ReasonCode.NO_PLACE_LEFT,
        ReasonCode.BEGINS_LATER,
    }
)
TO_ASK = frozenset(
    {
        ReasonCode.ACCOMMODATION_NOT_NAMED,
        ReasonCode.HOURS_UNKNOWN,
        ReasonCode.TIMES_PARTLY_OUTSIDE,
        ReasonCode.TIMES_UNKNOWN,
        ReasonCode.EMPLOYEES_UNKNOWN,
    }
)
DOUBTS = AGAINST | TO_ASK


@dataclass(frozen=True)
class Reason:
    """A reason with the values that its sentence names: words, times (`companies.rules.work_times`), numbers
    of persons, hours a week, or a day."""

    code: ReasonCode
    text: str = ""
    times: tuple[str, ...] = ()
    number: int | None = None
    hours: Decimal | None = None
    limit: Decimal | None = None
    day: date | None = None


@dataclass(frozen=True)
class CitizenNeeds:
    """What the citizen looks for: the texts of the newest job goal, the accommodations in force, the most
    hours a week that they allow (None: they name none), the times that they rule out, the municipality."""

    job_functions: str = ""
    workplaces: str = ""
    accommodations: tuple[str, ...] = ()
    most_hours: Decimal | None = None
    ruled_out: tuple[str, ...] = ()
    municipality: str = ""

    @property
    def has_goal(self) -> bool:
        """Whether a job goal is recorded."""
        return bool(words_of(self.job_functions) or words_of(self.workplaces))


@dataclass(frozen=True)
class WorkOffer:
    """What a company offers, as one project knows it.

    `hours` are per week (None: not known), `times` those at which the work can lie (none: not known).
    `places_left` are those of the opening (None: the company has no opening noted, but has had a match for
    this job function). `company_places_left` are those by the reasonableness requirement (None: the number of
    employees is not known). `matches_before` counts the project's matches there for a job function like this
    one.
    """

    job_function: str
    company: str
    workplace: str = ""
    tasks: str = ""
    accommodations: str = ""
    hours: Decimal | None = None
    times: tuple[str, ...] = ()
    places_left: int | None = None
    company_places_left: int | None = None
    town: str = ""
    from_on: date | None = None
    matches_before: int = 0


@dataclass(frozen=True)
class Fit:
    """What speaks for an offer, and what speaks against it or is to be asked about."""

    reasons: tuple[Reason, ...]
    doubts: tuple[Reason, ...]

    @property
    def answers_goal(self) -> bool:
        """Whether the job goal is a reason for it."""
        return any(reason.code in ANSWERS_GOAL for reason in self.reasons)


def most_hours_a_week(limits: WorkLimits) -> Decimal | None:
    """Return the most hours a week that the limits allow; None when they limit none. Without a limit of the
    days a week has the usual number."""
    numbers = [] if limits.hours_a_week is None else [limits.hours_a_week]
    if limits.hours_a_day is not None:
        numbers.append(limits.hours_a_day * (limits.days_a_week or USUAL_DAYS))
    return min(numbers, default=None)


def words_of(text: str) -> list[str]:
    """Return the words of a text that tell something, in small letters, each once."""
    words = (word.casefold() for word in WORD.findall(text))
    return list(dict.fromkeys(word for word in words if word not in COMMON_WORDS and len(word) > 1))


def is_like(first: str, second: str) -> bool:
    """Whether two words mean the same kind of thing: alike, one the beginning or the end of the other, or
    with the same beginning (køkkenhjælper, køkkenarbejde)."""
    shorter, longer = sorted((first, second), key=len)
    if shorter == longer:
        return True
    if len(shorter) >= SHORTEST_STEM and longer.startswith(shorter):
        return True
    if len(shorter) >= SAME_BEGINNING and longer.endswith(shorter):
        return True
    return shorter[:SAME_BEGINNING] == longer[:SAME_BEGINNING] and len(shorter) >= SAME_BEGINNING


def likeness(text: str, other: str) -> str:
    """Return the first word of `text` that is like a word of `other`; empty when none is."""
    others = words_of(other)
    return next(
        (word for word in words_of(text) if any(is_like(word, candidate) for candidate in others)), ""
    )


def names_workplace(workplaces: str, name: str) -> bool:
    """Whether the workplaces of a goal name this one: all telling words of its name stand there."""
    wanted = words_of(workplaces)
    words = [word for word in words_of(name) if word not in {"aps", "as", "amba", "ivs"}]
    return bool(words) and all(word in wanted for word in words)


def fit(needs: CitizenNeeds, offer: WorkOffer, *, on: date) -> Fit:
    """Return what speaks for and against the offer for the citizen on the day."""
    answers = list(_of_the_goal(needs, offer))
    answers += _of_accommodations(needs, offer)
    answers += _of_hours(needs, offer)
    answers += _of_times(needs, offer)
    answers += _of_places(offer)
    if _is_in(offer.town, needs.municipality):
        answers.append(Reason(ReasonCode.SAME_PLACE, offer.town))
    if offer.matches_before:
        answers.append(Reason(ReasonCode.MATCHED_BEFORE, number=offer.matches_before))
    if offer.from_on is not None and offer.from_on > on:
        answers.append(Reason(ReasonCode.BEGINS_LATER, day=offer.from_on))
    return Fit(
        tuple(reason for reason in answers if reason.code not in DOUBTS),
        tuple(reason for reason in answers if reason.code in DOUBTS),
    )


def _is_in(town: str, municipality: str) -> bool:
    """Whether the town has the municipality's name, also with a part of the town (København Ø)."""
    name = municipality.casefold()
    return bool(name) and (town.casefold() + " ").startswith(name + " ")


def _of_the_goal(needs: CitizenNeeds, offer: WorkOffer) -> Iterable[Reason]:
    word = likeness(needs.job_functions, offer.job_function)
    if word:
        yield Reason(ReasonCode.GOAL_NAMES_FUNCTION, word)
    for name in (offer.workplace, offer.company):
        if names_workplace(needs.workplaces, name):
            yield Reason(ReasonCode.GOAL_NAMES_WORKPLACE, name)
            return
    if word:
        return
    task = likeness(needs.job_functions, offer.tasks)
    if task:
        yield Reason(ReasonCode.GOAL_FITS_TASKS, task)
    elif needs.has_goal:
        yield Reason(ReasonCode.GOAL_NAMES_OTHER, needs.job_functions or needs.workplaces)


def _of_accommodations(needs: CitizenNeeds, offer: WorkOffer) -> Iterable[Reason]:
    for accommodation in needs.accommodations:
        is_named = bool(likeness(accommodation, offer.accommodations))
        code = ReasonCode.ACCOMMODATION_POSSIBLE if is_named else ReasonCode.ACCOMMODATION_NOT_NAMED
        yield Reason(code, accommodation)


def _of_hours(needs: CitizenNeeds, offer: WorkOffer) -> Iterable[Reason]:
    if needs.most_hours is None:
        return
    if offer.hours is None:
        yield Reason(ReasonCode.HOURS_UNKNOWN, limit=needs.most_hours)
    elif offer.hours <= needs.most_hours:
        yield Reason(ReasonCode.HOURS_WITHIN, hours=offer.hours, limit=needs.most_hours)
    else:
        yield Reason(ReasonCode.HOURS_ABOVE, hours=offer.hours, limit=needs.most_hours)


def _of_times(needs: CitizenNeeds, offer: WorkOffer) -> Iterable[Reason]:
    outside = tuple(row for row in offer.times if row in needs.ruled_out)
    if not needs.ruled_out:
        return
    if not offer.times:
        yield Reason(ReasonCode.TIMES_UNKNOWN, times=needs.ruled_out)
    elif not outside:
        yield Reason(ReasonCode.TIMES_WITHIN)
    else:
        is_all = len(outside) == len(offer.times)
        code = ReasonCode.TIMES_OUTSIDE if is_all else ReasonCode.TIMES_PARTLY_OUTSIDE
        yield Reason(code, times=outside)


def _of_places(offer: WorkOffer) -> Iterable[Reason]:
    if offer.company_places_left is None:
        if offer.places_left:
            yield Reason(ReasonCode.PLACES_LEFT, number=offer.places_left)
        yield Reason(ReasonCode.EMPLOYEES_UNKNOWN)
    elif offer.company_places_left <= 0:
        yield Reason(ReasonCode.NO_PLACE_LEFT)
    else:
        numbers = (offer.places_left, offer.company_places_left)
        yield Reason(ReasonCode.PLACES_LEFT, number=min(number for number in numbers if number is not None))


def order_of(fit_of_offer: Fit) -> tuple[int, int, int]:
    """Return the sort key of a suggestion: first what answers the goal best, then with the fewest doubts,
    then with the most reasons."""
    codes = {reason.code for reason in fit_of_offer.reasons}
    ranks = (ReasonCode.GOAL_NAMES_WORKPLACE, ReasonCode.GOAL_NAMES_FUNCTION, ReasonCode.GOAL_FITS_TASKS)
    goal_rank = next((rank for rank, code in enumerate(ranks) if code in codes), len(ranks))
    return (goal_rank, len(fit_of_offer.doubts), -len(fit_of_offer.reasons))
