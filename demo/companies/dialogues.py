"""The demo's dialogues with companies: what led to each match, and what goes on for those without one.

The values come from a random generator of the course's own, so that the rest of the demo stays as it is.
"""

import datetime
import random
from collections.abc import Iterable

from cases.models import CourseFunction, JobGoal
from companies.models import Company, Dialogue, DialogueEntry, Match
from demo.companies.jobs import job_at
from demo.courses.history import CourseHistory
from demo.invented import random_uuid
from jobfirst.values.dates import DAY

#: Notes by step.
NOTES = {
    "contacted": [
        "Talte med lederen. De vil gerne høre mere.",
        "Lagt besked. Ringer igen.",
        "De har haft praktikanter før og er glade for det.",
    ],
    "visit": [
        "Så stedet sammen med borgeren. God stemning i pausen.",
        "Rundvisning og kaffe. Opgaverne blev vist.",
    ],
    "offer": ["De tilbyder tre formiddage om ugen.", "De vil gerne begynde med få timer og sætte op."],
    "match": ["Borgeren og virksomheden er enige."],
    "ended": ["De vender måske tilbage til foråret."],
}
#: What is next after each open step, and in how many days from the day of the demo.
NEXT = {"contacted": "Ring igen", "visit": "Spørg borgeren, hvordan det gik", "offer": "Aftal et møde"}
NEXT_IN_DAYS = (-3, 0, 2, 5, 8)
REASONS = ("company_declined", "no_answer", "citizen_declined", "unsuitable")
DAYS_BETWEEN = 8


def add_dialogues(histories: Iterable[CourseHistory]) -> None:
    """Add the dialogues of each course."""
    for history in histories:
        rng = random.Random(f"dialogues {history.course.referral.public_id}")  # noqa: S311 - made-up data
        matches: list[Match] = history.rows[Match]
        companies = [contact.company for contact in history.workplaces]
        if matches:
            match = matches[0]
            _add(history, rng, match.company, ["contacted", "visit", "match"], match.matched_on, match=match)
            companies.remove(match.company)
            if rng.random() < 0.5:
                day = match.matched_on
                _add(history, rng, rng.choice(companies), ["contacted", "ended"], day)
        elif history.course.ended_on is None:
            _add_open(history, rng, companies)


def _add_open(history: CourseHistory, rng: random.Random, companies: list[Company]) -> None:
    """Add up to three dialogues that go on, at companies that offer the job of the goal first."""
    goals: list[JobGoal] = history.rows[JobGoal]
    fitting = [company for company in companies if job_at(company) == goals[-1].functions]
    others = [company for company in companies if company not in fitting]
    count = rng.randrange(4)
    for company in [*fitting, *rng.sample(others, len(others))][:count]:
        steps = ["contacted", "visit", "offer"][: rng.randrange(1, 4)]
        _add(history, rng, company, steps, history.on - rng.randrange(1, 20) * DAY)


def _add(
    history: CourseHistory,
    rng: random.Random,
    company: Company,
    steps: list[str],
    last_on: datetime.date,
    *,
    match: Match | None = None,
) -> None:
    """Add a dialogue with these steps, the last one on `last_on`; none lies before the course."""
    newest = steps[-1]
    next_on = history.on + rng.choice(NEXT_IN_DAYS) * DAY if newest in NEXT else None
    last_on = max(last_on, history.course.started_on)
    dialogue = Dialogue(
        public_id=random_uuid(rng),
        course=history.course,
        company=company,
        job_function=job_at(company),
        step=newest,
        step_on=last_on,
        next_action=NEXT.get(newest, ""),
        next_on=max(next_on, last_on) if next_on else None,
        match=match,
    )
    history.rows[Dialogue].append(dialogue)
    for number, step in enumerate(steps):
        day = last_on - (len(steps) - 1 - number) * DAYS_BETWEEN * DAY
        entry = DialogueEntry(
            public_id=random_uuid(rng),
            dialogue=dialogue,
            step=step,
            happened_on=max(day, history.course.started_on),
            note=rng.choice(NOTES[step]),
            reason=rng.choice(REASONS) if step == "ended" else "",
            next_action=dialogue.next_action if step == newest else "",
            next_on=dialogue.next_on if step == newest else None,
            made_match=step == "match",
            registered_by=history.people[CourseFunction.JOB_CONSULTANT],
        )
        history.rows[DialogueEntry].append(entry)
