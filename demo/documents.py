"""What the demo's people write in work agreements and plans for job (D15, D21)."""

import datetime
import random
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta

from demo.words import CONSIDERATIONS, JOBS


def agreement_content(rng: random.Random) -> dict[str, Any]:
    """Return the written fields of a work agreement."""
    return {
        "tasks": f"Hjælper med {rng.choice(JOBS)} sammen med en fast kollega.",
        "goals": "Møder stabilt og lærer opgaverne at kende.",
        "subgoals": "Først to dage om ugen, derefter tre.",
        "support_needs": "",
        "accommodations": rng.choice(CONSIDERATIONS),
    }


def plan_content(rng: random.Random, starts_on: datetime.date) -> dict[str, Any]:
    """Return the written fields of a plan for job; in most of them the mentor goes on for two months."""
    continues = rng.random() < 0.7
    return {
        "starts_on": starts_on,
        "model": "same_workplace",
        "job_goal": "Faste timer på samme arbejdsplads.",
        "flex_job_considered": rng.random() < 0.3,
        "flex_job_note": "",
        "effort": "extended_internship",
        "tasks_and_times": "Tre dage om ugen, flere opgaver fra næste måned.",
        "ordinary_hours_aim": Decimal(5),
        "ordinary_hours": Decimal(2),
        "wage": "Overenskomst",
        "mentor_continues": continues,
        "mentor_until": starts_on + relativedelta(months=2) if continues else None,
        "mentor_tasks": "Kontakt hver uge" if continues else "",
        "mentor_end_reason": "" if continues else "Borgeren klarer sig uden.",
        "last_meeting": "Det går godt; borgeren vil gerne have flere timer.",
    }
