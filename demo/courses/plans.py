"""The life of the demo's plans: who goes along, ticks, the citizen's words, signatures (D13, D21, D55).

The values come from a random generator of the course's own, so that the rest of the demo stays as it is.
"""

import datetime
import random
from collections.abc import Iterable

from django.utils import timezone

from cases.models import CourseFunction, FollowUpMeeting
from cases.models.signature import SigningMethod, content_hash
from demo.courses.history import CourseHistory
from demo.courses.thoroughness import is_thorough
from jobfirst.values.dates import DAY
from plans.models import (
    ActivityLine,
    CitizenWord,
    Companion,
    PlanForJob,
    PlanParty,
    PlanSignature,
    PlanSubject,
    WordAnswer,
)

NOT_DONE_SHARE, SENTENCE_SHARE = 0.1, 0.5
TIME_SHARE, OPEN_DAY_SHARE = 0.35, 0.15
WORD_SHARE, SIGNED_SHARE, CITIZEN_ONLY_SHARE = 0.7, 0.6, 0.5
WENT_WELL = [
    "Fik snakket med to kolleger om opgaverne.",
    "Blev hele formiddagen og vil gerne komme igen.",
    "Prøvede en ny opgave for første gang.",
    "Godt møde; der kan blive en praktik ud af det.",
    "Var nervøs på vej derhen, men det gik godt.",
]
WENT_OTHERWISE = [
    "Meldte afbud, syg.",
    "Virksomheden aflyste samme morgen.",
    "Bussen kørte ikke; ny dag aftales.",
]
DISAGREEMENTS = {
    PlanSubject.ACTIVITY_PLAN: [
        "Det er for mange besøg på én uge.",
        "Jeg vil hellere prøve noget andet end det, der er planlagt.",
    ],
    PlanSubject.PLAN_FOR_JOB: ["Det går for stærkt med timerne.", "Jeg vil hellere have faste dage."],
}
#: Lines of a made-up signature, as the pad draws it.
DRAWINGS = [
    "M20 80L40 40L60 90L80 50L110 70L150 60",
    "M30 70L45 30L55 85L90 55L100 75L140 40L160 80",
    "M15 60L60 58L90 30L95 90L130 62L200 66",
]


def add_life_of_plans(histories: Iterable[CourseHistory]) -> None:
    """Add what people have done with the plans of each course."""
    for history in histories:
        _LifeOfPlans(history).add_all()


class _LifeOfPlans:
    """Adds to one course."""

    def __init__(self, history: CourseHistory) -> None:
        self.history = history
        self.rng = random.Random(f"plans {history.course.referral.public_id}")  # noqa: S311 - made-up data

    def add_all(self) -> None:
        for line in self.history.rows[ActivityLine]:
            self._complete(line)
        for plan in self.history.rows[PlanForJob]:
            if plan.made_on <= self.history.last_day():
                self._sign(plan)
        self._say()

    def _complete(self, line: ActivityLine) -> None:
        """Say who goes along, when, and how it went; the thorough courses keep their days filled."""
        line.companion = self.rng.choice(Companion.values[:3])
        line.who = ""
        if is_thorough(self.history.course):
            line.outcome = self.rng.choice(WENT_WELL) if line.done else ""
            return
        if self.rng.random() < OPEN_DAY_SHARE and line.done is None and line.starts_on > self.history.on:
            line.day_is_open = True
        elif self.rng.random() < TIME_SHARE:
            line.starts_at = datetime.time(self.rng.randrange(9, 14), self.rng.choice([0, 30]))
            line.ends_on = line.starts_on
        if line.done:
            if self.rng.random() < NOT_DONE_SHARE:
                line.done, line.outcome = False, self.rng.choice(WENT_OTHERWISE)
            elif self.rng.random() < SENTENCE_SHARE:
                line.outcome = self.rng.choice(WENT_WELL)

    def _sign(self, plan: PlanForJob) -> None:
        """Let all three sign, or the citizen only, or nobody yet."""
        parties = PlanParty.values
        if self.rng.random() > SIGNED_SHARE:
            parties = parties[:1] if self.rng.random() < CITIZEN_ONLY_SHARE else []
        content = plan.sealed_content()
        at = timezone.make_aware(datetime.datetime.combine(plan.made_on, datetime.time(10, 45)))
        people = self.history.people
        for party in parties:
            is_citizen = party == PlanParty.CITIZEN
            signer = people[CourseFunction.MENTOR if is_citizen else party]
            is_drawn = is_citizen and self.rng.random() < 0.7
            method = SigningMethod.NAME if is_citizen else SigningMethod.SIGNED_IN
            self.history.add(
                PlanSignature(
                    plan=plan,
                    party=party,
                    method=SigningMethod.DRAWN if is_drawn else method,
                    name=plan.citizen_name if is_citizen else str(signer),
                    drawing=self.rng.choice(DRAWINGS) if is_drawn else "",
                    content=content,
                    content_hash=content_hash(content),
                    signed_at=at,
                    recorded_by=signer,
                    recorded_by_name=str(signer),
                )
            )

    def _say(self) -> None:
        """Let the citizen say something of the activity plan at some meetings, and of the plan for job."""
        held = [meeting.held_on for meeting in self.history.rows[FollowUpMeeting] if meeting.held_on]
        for day in held[:2] + held[-1:]:
            if self.rng.random() < WORD_SHARE:
                self._add_word(PlanSubject.ACTIVITY_PLAN, day, None)
        for plan in self.history.rows[PlanForJob]:
            if plan.made_on + DAY <= self.history.last_day():
                self._add_word(PlanSubject.PLAN_FOR_JOB, plan.made_on, plan)

    def _add_word(self, subject: str, day: datetime.date, plan: PlanForJob | None) -> None:
        agrees, disagrees, could_not_answer = WordAnswer.values
        answer = self.rng.choice([agrees, agrees, agrees, disagrees, could_not_answer])
        if any(signature.plan is plan for signature in self.history.rows[PlanSignature]):
            answer = agrees  # who has signed the plan has agreed
        mentor = self.history.people[CourseFunction.MENTOR]
        self.history.add(
            CitizenWord(
                course=self.history.course,
                subject=subject,
                plan=plan,
                answer=answer,
                why=self.rng.choice(DISAGREEMENTS[PlanSubject(subject)]) if answer == disagrees else "",
                said_on=day,
                recorded_by=mentor,
                recorded_by_name=str(mentor),
            )
        )
