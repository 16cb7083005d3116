"""Which offers fit a citizen, and which citizens an opening fits, each with its reasons (D10, D11, D14)."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from accounts.models import User
from cases.models import Accommodation, Course, JobGoal
from cases.rules.work_limits import strictest
from companies.distances import TownDistances
from companies.matching.offers import CompanyOffer, offers_of
from companies.matching.words import reason_in_words, why_a_match
from companies.models import Dialogue, JobOpening, Match, Placement, PlacementKind
from companies.rules.matching import (
    AGAINST,
    ANSWERS_GOAL,
    TO_ASK,
    CitizenNeeds,
    Fit,
    ReasonCode,
    WorkOffer,
    fit,
    most_hours_a_week,
    order_of,
)
from companies.rules.work_times import ruled_out
from jobfirst.values.danish_order import danish_key

#: The reasons that also say why it became a match.
REASONS_OF_A_MATCH = ANSWERS_GOAL | {ReasonCode.ACCOMMODATION_POSSIBLE}
MOST_SUGGESTIONS = 25

#: What `needs_of` reads of a course.
NEEDS = (
    Prefetch("job_goals", JobGoal.objects.order_by("-number")),
    Prefetch("accommodations", Accommodation.objects.order_by("from_on", "pk")),
)


@dataclass(frozen=True)
class Suggestion:
    """An offer that may fit a citizen, and the dialogue about it, if there is one.

    `kilometres` are those from the town of the citizen's municipality; they decide no order.
    `submission` is the token of its form: two taps make one contact.
    """

    course: Course
    offered: CompanyOffer
    fit: Fit
    dialogue: Dialogue | None
    may_contact: bool
    kilometres: int | None
    submission: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def reasons(self) -> list[str]:
        """What speaks for it, in words."""
        return [reason_in_words(reason) for reason in self.fit.reasons]

    @property
    def objections(self) -> list[str]:
        """What speaks against it, in words."""
        return [reason_in_words(reason) for reason in self.fit.doubts if reason.code in AGAINST]

    @property
    def questions(self) -> list[str]:
        """What is to be asked about, in words."""
        return [reason_in_words(reason) for reason in self.fit.doubts if reason.code in TO_ASK]


def _why(fit_of_offer: Fit) -> str:
    reasons = [reason for reason in fit_of_offer.reasons if reason.code in REASONS_OF_A_MATCH]
    return why_a_match([reason_in_words(reason) for reason in reasons])


@dataclass(frozen=True)
class Suggestions:
    """What fits the job goal, and the project's other openings, each in order."""

    fitting: list[Suggestion]
    others: list[Suggestion]

    def of_key(self, key: str) -> Suggestion | None:
        """Return the suggestion whose offer has this key."""
        both = (*self.fitting, *self.others)
        return next((suggestion for suggestion in both if suggestion.offered.key == key), None)


def accommodations_in_force(course: Course, on: datetime.date) -> list[Accommodation]:
    """Return the course's accommodations of the day. Reads what `NEEDS` fetched."""
    return [
        row
        for row in course.accommodations.all()
        if row.from_on <= on and (row.until_on is None or row.until_on >= on)
    ]


def goal_of(course: Course) -> JobGoal | None:
    """Return the newest job goal. Reads what `NEEDS` fetched."""
    return next(iter(course.job_goals.all()), None)


def needs_of(course: Course, on: datetime.date) -> CitizenNeeds:
    """Return what the citizen looks for on the day. Reads what `NEEDS` fetched, and the municipality."""
    goal = goal_of(course)
    accommodations = accommodations_in_force(course, on)
    limits = strictest(row.limits for row in accommodations)
    return CitizenNeeds(
        job_functions=goal.functions if goal else "",
        workplaces=goal.workplaces if goal else "",
        accommodations=tuple(row.description for row in accommodations),
        most_hours=most_hours_a_week(limits),
        ruled_out=ruled_out(limits),
        municipality=course.municipality.name,
    )


def why_it_fits(dialogue: Dialogue, on: datetime.date) -> str:
    """Return what job goal and accommodations say of the dialogue's job function and opening."""
    course = Course.objects.select_related("municipality").prefetch_related(*NEEDS).get(pk=dialogue.course_id)
    opening = dialogue.opening
    offer = WorkOffer(
        job_function=dialogue.job_function,
        company=dialogue.company.name,
        workplace=str(dialogue.workplace or ""),
        tasks=opening.tasks if opening else "",
        accommodations=opening.accommodations if opening else "",
        times=tuple(opening.times) if opening else (),
    )
    return _why(fit(needs_of(course, on), offer, on=on))


def suggestions_for(course: Course, on: datetime.date, *, may_contact: bool) -> Suggestions:
    """Return what fits the citizen on the day, of the openings and earlier matches of the course's project.

    1. Companies where the citizen has a match already are left out.
    2. What answers the job goal stands first, by the order of the rule; of a company without an opening
       only the job function that fits best.
    3. Without a job goal, and for what does not answer it, the openings stand apart; companies without an
       opening are left out.
    """
    needs = needs_of(course, on)
    distances = TownDistances()
    matched = set(Match.objects.filter(course=course).values_list("company_id", flat=True))
    dialogues = {dialogue.company_id: dialogue for dialogue in course.dialogues.all()}
    suggestions = [
        Suggestion(
            course,
            offered,
            fit(needs, offered.offer, on=on),
            dialogues.get(offered.company.pk),
            may_contact=may_contact,
            kilometres=distances.kilometres(needs.municipality, offered.postal_code),
        )
        for offered in offers_of(course.project_id, on)
        if offered.company.pk not in matched
    ]
    suggestions.sort(key=_order)
    fitting = _first_of_each_key(suggestion for suggestion in suggestions if suggestion.fit.answers_goal)
    others = [
        suggestion
        for suggestion in suggestions
        if not suggestion.fit.answers_goal and suggestion.offered.opening
    ]
    return Suggestions(fitting[:MOST_SUGGESTIONS], others[:MOST_SUGGESTIONS])


def _order(suggestion: Suggestion) -> tuple[object, ...]:
    offered = suggestion.offered
    return (order_of(suggestion.fit), danish_key(offered.company.name), offered.key)


def _first_of_each_key(suggestions: Iterable[Suggestion]) -> list[Suggestion]:
    firsts: dict[str, Suggestion] = {}
    for suggestion in suggestions:
        firsts.setdefault(suggestion.offered.key, suggestion)
    return list(firsts.values())


def courses_to_match(user: User, project_id: int, on: datetime.date) -> QuerySet[Course]:
    """Return the user's running courses of the project without a placement other than sniffing on the day."""
    placed = Placement.objects.running(on).filter(course=OuterRef("pk")).exclude(kind=PlacementKind.SNIFFING)
    courses = Course.objects.listed_for(user).running(on).filter(~Exists(placed), project_id=project_id)
    return courses.select_related("citizen", "referral", "municipality")


def citizens_for(opening: JobOpening, user: User, on: datetime.date) -> list[Suggestion]:
    """Return which of the user's citizens the opening fits by their job goals, in order; at most 25.

    Those with a match at the company are left out. Ten queries, whatever the number of citizens.
    """
    distances = TownDistances()
    (offered,) = offers_of(opening.project_id, on, [opening])
    at_company = Dialogue.objects.filter(company=opening.company)
    matched = Match.objects.filter(course=OuterRef("pk"), company=opening.company)
    courses = (
        courses_to_match(user, opening.project_id, on)
        .filter(~Exists(matched))
        .prefetch_related("holdings", *NEEDS, Prefetch("dialogues", at_company, to_attr="dialogues_here"))
    )
    suggestions = [
        Suggestion(
            course,
            offered,
            fit(needs_of(course, on), offered.offer, on=on),
            next(iter(getattr(course, "dialogues_here", ())), None),
            may_contact=user.has_perm("cases.manage_placements", course),
            kilometres=distances.kilometres(course.municipality.name, offered.postal_code),
        )
        for course in courses
    ]
    fitting = [suggestion for suggestion in suggestions if suggestion.fit.answers_goal]
    fitting.sort(
        key=lambda suggestion: (order_of(suggestion.fit), danish_key(suggestion.course.citizen_name))
    )
    return fitting[:MOST_SUGGESTIONS]
