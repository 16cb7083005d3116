"""Plans of a course with an internship from 2 May 2016: an activity, and the plan for job."""

import datetime
from decimal import Decimal

from plans import actions
from plans.models import PlanForJob
from tests.factories import DRAWN_ON

MADE_ON = datetime.date(2016, 7, 25)  # the last of the first 13 weeks from 2 May is 31 July

ACTIVITY = {
    "kind": "visit",
    "what": "Rundvisning",
    "where": "Bageren",
    "who": "Borger og mentor",
    "starts_on": DRAWN_ON,
    "ends_on": DRAWN_ON,
}
PLAN = {
    "starts_on": datetime.date(2016, 8, 1),
    "model": "same_workplace",
    "job_goal": "Bager",
    "flex_job_considered": True,
    "flex_job_note": "",
    "effort": "extended_internship",
    "workplace": "Bageren",
    "extended_until": datetime.date(2016, 10, 31),
    "new_workplace_how": "",
    "subsidy_from": None,
    "subsidy_until": None,
    "employment_from": None,
    "employment_is_flex_job": False,
    "tasks_and_times": "Pakke og bage",
    "ordinary_hours_aim": Decimal("8"),
    "ordinary_hours": Decimal("3.5"),
    "wage": "Overenskomst",
    "mentor_continues": True,
    "mentor_until": datetime.date(2016, 12, 31),
    "mentor_tasks": "Et møde om ugen",
    "mentor_end_reason": "",
    "last_meeting": "Det går godt",
}


def save_plan(course, made_on=MADE_ON, **changes) -> PlanForJob:
    """Save PLAN with these changes as the course's first or next plan for job."""
    options = {name: changes.pop(name) for name in ("version", "submission", "by") if name in changes}
    return actions.save_plan(course, {**PLAN, **changes}, made_on=made_on, **options)
