"""The history of one participant until the day of the demo: contacts, meetings, placements, plans.

All values come from the demo's random generator. Nothing is saved here: the unsaved rows are returned by
model, parents before children.
"""

import datetime
import random
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from dateutil.relativedelta import relativedelta
from django.db import models

from accounts.models import TrialTerms, User
from audit.models import Correction
from cases.models import (
    Accommodation,
    CitizenContact,
    Course,
    CourseFunction,
    CoursePause,
    Cv,
    CvEntry,
    CvReview,
    EndReason,
    FollowUpMeeting,
    FunctionHolding,
    JobGoal,
    MeetingDecision,
    MeetingMinute,
    MentorContact,
    ParallelEffort,
    ProfileText,
    UncoveredNeed,
)
from cases.rules.retention_window import retention_window_end
from companies.annex.questions import AnnexTexts
from companies.models import (
    AgreementHours,
    AnnexAnswer,
    AnnexReply,
    AttendanceWeek,
    ClosingAssessment,
    CompanyContact,
    Dialogue,
    DialogueEntry,
    HoursChange,
    Match,
    Placement,
    PlacementKind,
    PlacementReport,
    WorkAgreement,
)
from demo.companies.companies import main_workplace
from demo.companies.jobs import job_at
from demo.courses.documents import NEXT_STEPS, NextStep, plan_content
from demo.courses.meetings import hold_meetings
from demo.courses.needs import note_needs
from demo.courses.profiles import demo_profile
from demo.invented import random_uuid
from demo.people.citizens import demo_contact
from demo.people.teams import Team
from demo.placements.agreements import add_agreement
from demo.words import VISITS
from jobfirst.values.dates import DAY, WEEK
from plans import actions as plan_actions
from plans.models import ActivityLine, CitizenWord, PlanForJob, PlanSignature
from progression.models import Answer, AnswerSheet

# The rows of who came to a meeting, and who is invited to one.
ATTENDEES = FollowUpMeeting.attendees.through
INVITED = FollowUpMeeting.invited.through
# Saved in this order: parents before children.
ORDER: tuple[type[models.Model], ...] = (
    CitizenContact,
    FunctionHolding,
    JobGoal,
    ProfileText,
    Cv,
    CvEntry,
    CvReview,
    MentorContact,
    Correction,
    CoursePause,
    FollowUpMeeting,
    ATTENDEES,
    INVITED,
    MeetingMinute,
    MeetingDecision,
    ParallelEffort,
    UncoveredNeed,
    Accommodation,
    Match,
    Dialogue,
    DialogueEntry,
    Placement,
    HoursChange,
    AttendanceWeek,
    WorkAgreement,
    AgreementHours,
    AnnexReply,
    AnnexAnswer,
    PlacementReport,
    ClosingAssessment,
    ActivityLine,
    PlanForJob,
    PlanSignature,
    CitizenWord,
    AnswerSheet,
    Answer,
)
RowT = TypeVar("RowT", bound=models.Model)


@dataclass
class CourseHistory:
    """Builds the rows of one course. `rows` maps a model to its unsaved rows."""

    course: Course
    team: Team
    on: datetime.date
    rng: random.Random
    workplaces: list[CompanyContact]
    terms: TrialTerms
    annex: AnnexTexts
    rows: dict[type[models.Model], list[Any]] = field(default_factory=lambda: {model: [] for model in ORDER})
    people: dict[str, User] = field(default_factory=dict)
    #: Second versions of work agreements, saved when the first is signed (demo.placements.agreements).
    amendments: list[WorkAgreement] = field(default_factory=list)

    def build(self) -> None:
        """Fill `rows` and set the course's dates."""
        self.rows[CitizenContact].append(demo_contact(self.course))
        self.fill_functions()
        self.set_goals()
        for row in demo_profile(self.course, self.people[CourseFunction.MENTOR], self.on):
            self.rows[type(row)].append(row)
        note_needs(self)
        if self.rng.random() < 0.12 and self.course.started_on + 120 * DAY < self.on:
            self.end(self.course.started_on + self.rng.randrange(30, 110) * DAY)
        internship_from = self.course.started_on + self.rng.randrange(3, 15) * WEEK
        internship_from -= internship_from.weekday() * DAY
        self.keep_goals_until(internship_from)
        self.sniff(min(internship_from, self.course.ended_on or self.on + 2 * WEEK))
        if internship_from <= self.last_day():
            self.work(internship_from)
        self.meet_and_call()

    def last_day(self) -> datetime.date:
        """Return the last day on which something can have happened."""
        return self.course.ended_on or self.on

    def add(self, row: RowT) -> RowT:
        """Add a row to be saved, with a public id from the demo's random generator."""
        if hasattr(row, "public_id"):
            row.public_id = random_uuid(self.rng)
        self.rows[type(row)].append(row)
        return row

    def end(self, day: datetime.date) -> None:
        self.course.ended_on = day
        self.course.end_reason = self.rng.choice(
            [EndReason.MOVED, EndReason.WITHDREW, EndReason.ORDINARY_EFFORT, EndReason.EDUCATION]
        )

    def fill_functions(self) -> None:
        for function in CourseFunction.values:
            if function == CourseFunction.COORDINATING_CASEWORKER and self.course.referral.referred_by:
                self.people[function] = self.course.referral.referred_by  # assigned at the draw
                continue
            self.people[function] = self.rng.choice(self.team.staff[function])
            if function == CourseFunction.MENTOR and self.rng.random() < 0.03:
                continue  # an unfilled function for the leader's dashboard
            self.add(
                FunctionHolding(
                    course=self.course,
                    function=function,
                    user=self.people[function],
                    from_on=self.course.started_on,
                )
            )

    def staff(self) -> dict[str, User]:
        """Return the holder of each function of the course."""
        caseworker = CourseFunction.COORDINATING_CASEWORKER
        unsaved = {holding.function: holding.user for holding in self.rows[FunctionHolding]}
        return {caseworker: self.people[caseworker], **unsaved}

    def set_goals(self) -> None:
        owner = self.people[CourseFunction.COURSE_OWNER]
        jobs = sorted({job_at(contact.company) for contact in self.workplaces})
        first, second = self.rng.sample(jobs, 2)
        self.add(
            JobGoal(
                course=self.course, number=1, functions=first, set_on=self.course.started_on, set_by=owner
            )
        )
        changed_on = self.course.started_on + self.rng.randrange(25, 60) * DAY
        if self.rng.random() < 0.5 and changed_on <= self.on:
            self.add(
                JobGoal(
                    course=self.course,
                    number=2,
                    functions=second,
                    reason="Snusepraktikken viste, at en anden opgave passer bedre.",
                    set_on=changed_on,
                    set_by=owner,
                )
            )

    def keep_goals_until(self, day: datetime.date) -> None:
        """Leave out a goal that was changed after the match: what follows is about the goal of the match."""
        goals = self.rows[JobGoal]
        goals[1:] = [goal for goal in goals[1:] if goal.set_on <= day - WEEK]

    @property
    def job(self) -> str:
        """The job of the newest goal."""
        goal: JobGoal = self.rows[JobGoal][-1]
        return goal.functions

    def sniff(self, until: datetime.date) -> None:
        """Add an activity in most weeks, and a sniffing internship or two (D13)."""
        monday = self.course.started_on - self.course.started_on.weekday() * DAY
        mentor = self.people[CourseFunction.MENTOR]
        while monday < until:
            day = max(self.course.started_on, monday + self.rng.randrange(2) * DAY)
            contact = self.rng.choice(self.workplaces)
            chance = self.rng.random()
            if chance < 0.2 and monday + 4 * DAY < until and monday >= self.course.started_on:
                self.placement(contact, PlacementKind.SNIFFING, monday, monday + 4 * DAY, hours="12")
            elif chance < 0.95:
                kind, activity = self.rng.choice(VISITS)
                is_at_company = kind != "other"
                self.add(
                    ActivityLine(
                        course=self.course,
                        kind=kind,
                        what=activity,
                        where=contact.company.name if is_at_company else "Jobcenteret",
                        who=f"Borgeren og {mentor.name}",
                        company=contact.company if is_at_company else None,
                        starts_on=day,
                        ends_on=(last := max(day, monday + self.rng.randrange(2, 5) * DAY)),
                        done=True if last < self.on else None,
                    )
                )
            monday += WEEK

    def placement(
        self,
        contact: CompanyContact,
        kind: str,
        starts_on: datetime.date,
        planned: datetime.date | None,
        *,
        hours: str = "0",
        paid: str = "0",
        **fields: Any,
    ) -> Placement:
        """Add a placement; it has ended when its planned end is before the day of the demo."""
        is_over = planned is not None and planned < self.last_day()
        if self.course.ended_on and (planned is None or planned >= self.course.ended_on):
            fields.setdefault("ended_on", self.course.ended_on)
        fields.setdefault("ended_on", planned if is_over else None)
        return self.add(
            Placement(
                course=self.course,
                company=contact.company,
                workplace=main_workplace(contact.company),
                kind=kind,
                starts_on=starts_on,
                planned_end_on=planned,
                internship_hours=Decimal(hours),
                ordinary_hours=Decimal(paid),
                **fields,
            )
        )

    def work(self, first_day: datetime.date) -> None:
        """Add the match, the first internship with its agreement, and what follows it (D14, D15, D21)."""
        contact = self.rng.choice(
            [workplace for workplace in self.workplaces if job_at(workplace.company) == self.job]
        )
        match = self.add(
            Match(
                course=self.course,
                company=contact.company,
                matched_on=max(self.course.started_on, first_day - 4 * DAY),
                job_function=self.job,
            )
        )
        length = self.terms.internship_max_days * DAY
        planned = first_day + length - DAY
        early = first_day + self.rng.randrange(8, 70) * DAY
        end_fields = {"ended_on": early} if self.rng.random() < 0.12 and early < self.last_day() else {}
        first = self.placement(
            contact,
            PlacementKind.INTERNSHIP,
            first_day,
            planned,
            hours="10",
            paid="2",
            match=match,
            **end_fields,
        )
        self.grow(first, first_day + 6 * WEEK)
        self.course.internship_from = first_day
        self.course.continued_from = first_day + self.terms.retention_weeks * WEEK
        self.course.retention_until = retention_window_end(
            first_day, weeks=self.terms.retention_weeks, months=self.terms.retention_months
        )
        add_agreement(self, first, contact)
        if end_fields or planned >= self.last_day():
            return
        (step,) = self.rng.choices(NEXT_STEPS, [step.share for step in NEXT_STEPS])
        self.make_plan(planned + DAY, contact.company.name, step)
        self.go_on(first, contact, planned + DAY, step)

    def grow(self, internship: Placement, day: datetime.date) -> None:
        """Let the ordinary hours grow from the day, if the internship lasts that long (D20, D38)."""
        if day in internship.span and day <= self.last_day():
            self.add(
                HoursChange(
                    placement=internship, from_on=day, internship_hours=Decimal(10), ordinary_hours=Decimal(4)
                )
            )

    def go_on(self, first: Placement, contact: CompanyContact, day: datetime.date, step: NextStep) -> None:
        """Add the placement that the plan for job leads to."""
        if step.kind is None:
            return
        ends = {
            PlacementKind.INTERNSHIP: day + (self.terms.internship_max_days - 1) * DAY,
            PlacementKind.WAGE_SUBSIDY: day + relativedelta(months=6),
        }
        renewal = {"match": first.match, "renews": first} if step.kind == PlacementKind.INTERNSHIP else {}
        self.placement(
            contact,
            step.kind,
            day,
            ends.get(step.kind),
            hours=str(step.hours),
            paid=str(step.paid),
            **renewal,
        )

    def make_plan(self, starts_on: datetime.date, workplace: str, step: NextStep) -> None:
        if self.rng.random() < 0.15:
            return  # no plan yet: the course owner gets a reminder
        content = plan_content(self.rng, starts_on, workplace=workplace, job=self.job, step=step)
        copies = plan_actions.copied(self.course, starts_on, staff=self.staff(), terms=self.terms)
        self.add(
            PlanForJob.next_version(
                None,
                {**content, **copies},
                made_on=starts_on,
                by=self.people[CourseFunction.COURSE_OWNER],
                course=self.course,
            )
        )
        mentor_until = content["mentor_until"]
        if mentor_until is not None and self.course.retention_until is not None:
            self.course.retention_until = max(self.course.retention_until, mentor_until)

    def meet_and_call(self) -> None:
        """Add weekly contacts, of which a few are missed, and monthly meetings with the next one booked
        (D17, D18)."""
        until = min(self.last_day(), self.course.retention_until or self.last_day())
        mentor = self.people[CourseFunction.MENTOR]
        monday = self.course.started_on - self.course.started_on.weekday() * DAY
        while monday <= until:
            day = monday + self.rng.randrange(5) * DAY
            if self.course.started_on <= day <= until and self.rng.random() < 0.92:
                self.add(
                    MentorContact(
                        course=self.course,
                        held_on=day,
                        channel=self.rng.choice(["in_person", "phone", "message"]),
                        registered_by=mentor,
                    )
                )
            monday += WEEK
        hold_meetings(self, until)
