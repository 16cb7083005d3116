"""What the demo's people write in work agreements and plans for job (D15, D21)."""

import datetime
import random
from decimal import Decimal
from typing import Any, NamedTuple

from dateutil.relativedelta import relativedelta

from companies.models import PlacementKind
from demo.words import CONSIDERATIONS
from plans.models import PlanEffort


class NextStep(NamedTuple):
    """What follows the first internship: the effort of the plan for job, and the placement that it leads to.

    `share` is how often, `hours` and `paid` are weekly; `kind` is None while a new workplace is looked for.
    """

    share: float
    effort: PlanEffort
    kind: PlacementKind | None
    hours: int
    paid: int


NEXT_STEPS = (
    NextStep(0.35, PlanEffort.EXTENDED_INTERNSHIP, PlacementKind.INTERNSHIP, 12, 5),
    NextStep(0.15, PlanEffort.WAGE_SUBSIDY, PlacementKind.WAGE_SUBSIDY, 0, 20),
    NextStep(0.15, PlanEffort.ORDINARY_EMPLOYMENT, PlacementKind.FLEX_JOB, 0, 12),
    NextStep(0.1, PlanEffort.ORDINARY_EMPLOYMENT, PlacementKind.ORDINARY_EMPLOYMENT, 0, 25),
    NextStep(0.25, PlanEffort.NEW_WORKPLACE, None, 0, 3),
)


def agreement_content(rng: random.Random, job: str) -> dict[str, Any]:
    """Return the written fields of a work agreement."""
    return {
        "tasks": f"Hjælper med {job} sammen med en fast kollega.",
        "goals": "Møder stabilt og lærer opgaverne at kende.",
        "subgoals": "Først to dage om ugen, derefter tre.",
        "support_needs": "",
        "accommodations": rng.choice(CONSIDERATIONS),
    }


def plan_content(
    rng: random.Random, starts_on: datetime.date, *, workplace: str, job: str, step: NextStep
) -> dict[str, Any]:
    """Return the written fields of a plan for job; in most of them the mentor goes on for two months."""
    continues = rng.random() < 0.7
    effort = step.effort.value
    return {
        "starts_on": starts_on,
        **BY_EFFORT[effort],
        **dict.fromkeys(("extended_until", "subsidy_from", "subsidy_until", "employment_from")),
        **_days_of_effort(effort, starts_on),
        "job_goal": f"Faste timer med {job}.",
        "flex_job_considered": rng.random() < 0.3,
        "flex_job_note": "",
        "effort": effort,
        "workplace": "" if effort == PlanEffort.NEW_WORKPLACE else workplace,
        "employment_is_flex_job": step.kind == PlacementKind.FLEX_JOB,
        "ordinary_hours_aim": Decimal(step.paid + rng.choice([3, 5, 7])),
        "ordinary_hours": Decimal(step.paid),
        "wage": "Overenskomst",
        "mentor_continues": continues,
        "mentor_until": starts_on + relativedelta(months=2) if continues else None,
        "mentor_tasks": "Kontakt hver uge" if continues else "",
        "mentor_end_reason": "" if continues else "Borgeren klarer sig uden.",
        "last_meeting": "Det går godt; borgeren vil gerne have flere timer.",
    }


#: The model, the tasks and how a new workplace is found, by effort.
BY_EFFORT: dict[str, dict[str, str]] = {
    PlanEffort.EXTENDED_INTERNSHIP.value: {
        "model": "same_workplace",
        "tasks_and_times": "Tre dage om ugen, flere opgaver fra næste måned.",
        "new_workplace_how": "",
    },
    PlanEffort.NEW_WORKPLACE.value: {
        "model": "new_workplace",
        "tasks_and_times": "To dage om ugen, til den nye arbejdsplads er fundet.",
        "new_workplace_how": "En mindre arbejdsplads tæt på hjemmet. Jobkonsulenten ringer til tre.",
    },
    PlanEffort.WAGE_SUBSIDY.value: {
        "model": "ladder",
        "tasks_and_times": "Fire dage om ugen med de samme opgaver som kollegerne.",
        "new_workplace_how": "",
    },
    PlanEffort.ORDINARY_EMPLOYMENT.value: {
        "model": "same_workplace",
        "tasks_and_times": "Faste dage mandag, onsdag og fredag.",
        "new_workplace_how": "",
    },
}


def _days_of_effort(effort: str, starts_on: datetime.date) -> dict[str, datetime.date]:
    """Return the days that the effort asks."""
    if effort == PlanEffort.EXTENDED_INTERNSHIP:
        return {"extended_until": starts_on + relativedelta(months=3)}
    if effort == PlanEffort.WAGE_SUBSIDY:
        return {"subsidy_from": starts_on, "subsidy_until": starts_on + relativedelta(months=6)}
    if effort == PlanEffort.ORDINARY_EMPLOYMENT:
        return {"employment_from": starts_on}
    return {}
