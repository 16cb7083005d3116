"""A course that meets all nine core elements, made by the actions; each part can be left out.

Four weeks of sniffing at two companies from Monday 4 April 2016, an internship with ordinary hours from 2
May, contacts, meetings and answers in time, a work agreement, and the plan for job. All nine are met from
2 August on, when the retention window of three months is over.
"""

import datetime
from decimal import Decimal

from django.db import transaction

from cases import actions
from cases.models import CvPart
from companies.actions import agreements, matches, placements
from companies.actions.renewals import renew_placement
from jobfirst.values.dates import DAY, WEEK
from progression.actions import answer_import
from progression.actions.answer_import import ImportedAnswer
from progression.models import Question, Rater
from tests.factories import DRAWN_ON, CompanyContactFactory, CompanyFactory, CourseFactory, UserFactory
from tests.scenarios.course_plans import save_plan
from tests.scenarios.signing import sign_all
from tests.scenarios.work_agreements import CONTENT

INTERNSHIP_FROM = DRAWN_ON + 28 * DAY
LAST_OF_INTERNSHIP = INTERNSHIP_FROM + 90 * DAY
ALL_MET_ON = datetime.date(2016, 8, 2)
MEETINGS = [DRAWN_ON + number * DAY for number in (28, 57, 86, 115)]

#: What can be left out: the number of the element that then is not met.
PARTS = {
    "functions": 1,
    "goals": 2,
    "second_company": 3,
    "last_meeting": 4,
    "agreement": 5,
    "contact": 6,
    "ordinary_hours": 7,
    "plan": 8,
    "renewal": 9,
}


@transaction.atomic
def answer(course, day):
    question = Question.objects.get(code="health_felt")
    answer_import.lock_courses([course])
    answer_import.record_answers([ImportedAnswer(course, day, question, Rater.CITIZEN, 5)])


def course_with_nine_elements(project, holder, *, without=(), **fields):
    """Return the course; `without` names the PARTS that are left out."""
    holders = None if "functions" in without else holder
    course = CourseFactory(project_for=project, holders=holders, **fields)
    if "goals" not in without:
        actions.add_job_goal_version(course, functions="Pakke varer", set_on=DRAWN_ON)
    actions.add_cv_entry(course, CvPart.EXPERIENCE, actions.CvEntryData("Lagermedarbejder"), today=DRAWN_ON)
    follow_up(course, without)
    sniff(course, without)
    work(course, without)
    if "plan" not in without:
        save_plan(course, mentor_until=datetime.date(2016, 9, 30))
    course.refresh_from_db()
    return course


def follow_up(course, without):
    """Have a contact in each week, and meetings with answers."""
    for week in range(18):
        if not (week == 5 and "contact" in without):
            held_on = DRAWN_ON + week * WEEK + DAY
            actions.register_contact(course, held_on=held_on, citizen_present=True)
    for day in MEETINGS[:-1] if "last_meeting" in without else MEETINGS:
        answer(course, day)
        planned_at = datetime.datetime.combine(day, datetime.time(8), datetime.UTC)
        meeting = actions.book_meeting(course, planned_at=planned_at)
        actions.hold_meeting(meeting, held_on=day, citizen_present=True)


def sniff(course, without):
    """Fill the weeks of the sniffing period, at two companies."""
    companies = [CompanyFactory(), CompanyFactory()]
    for number in range(2):
        company = companies[0 if "second_company" in without else number]
        first = DRAWN_ON + number * 14 * DAY
        placements.start_placement(
            course, company, kind="sniffing", starts_on=first, planned_end_on=first + 13 * DAY
        )


def work(course, without):
    """Record match, internship, agreement and renewal."""
    company = CompanyFactory(name="Lageret ApS")
    hours = Decimal(0) if "ordinary_hours" in without else Decimal(4)
    matches.record_match(course, company, matched_on=INTERNSHIP_FROM - 3 * DAY)
    internship = placements.start_placement(
        course,
        company,
        kind="internship",
        starts_on=INTERNSHIP_FROM,
        planned_end_on=LAST_OF_INTERNSHIP,
        internship_hours=Decimal(12),
        ordinary_hours=hours,
    )
    if "agreement" not in without:
        agreement = agreements.save_agreement(
            internship,
            content=CONTENT,
            contact=CompanyContactFactory(company=company),
            schedule=[],
            made_on=INTERNSHIP_FROM - DAY,
        )
        leader = UserFactory(project=course.project, roles=["project_leader"])
        signed_at = datetime.datetime.combine(INTERNSHIP_FROM - DAY, datetime.time(9), datetime.UTC)
        sign_all(agreement, leader, at=signed_at)
    if "renewal" not in without:
        renew_placement(
            internship,
            today=internship.starts_on,
            starts_on=LAST_OF_INTERNSHIP + DAY,
            planned_end_on=LAST_OF_INTERNSHIP + 91 * DAY,
            internship_hours=Decimal(12),
            ordinary_hours=hours,
        )
