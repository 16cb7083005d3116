"""The annexes that companies owe answers to, by course and by contact person (D16, D33)."""

import datetime

from accounts.models import TrialTerms
from cases.models import Course
from companies.annex.months import AnnexOverTime, annex_over_time
from companies.deadlines import annex_missing
from companies.models import AnnexParty, CompanyContact, Placement


def owing_courses(on: datetime.date) -> list[Course]:
    """Return the courses with a placement that runs on the day with a work agreement."""
    running = Placement.objects.running(on).filter(agreements__isnull=False)
    courses = Course.objects.running(on).filter(pk__in=running.values("course_id"))
    return list(courses.select_related("project").order_by("pk"))


def owed_by_companies(course: Course, on: datetime.date, terms: TrialTerms) -> list[AnnexOverTime]:
    """Return the annexes of the course that a company is to answer now; none while a pause suspends them."""
    suspended = course.pauses.filter(suspended__contains=[annex_missing.KIND.code], starts_on__lte=on)
    if any(pause.ends_on is None or pause.ends_on >= on for pause in suspended):
        return []
    return [annex for annex in annex_over_time(course, on, terms) if is_owed(annex, on)]


def owed_by_contact(contact: CompanyContact, on: datetime.date) -> list[AnnexOverTime]:
    """Return all annexes that the contact person is to answer now, in order of their placements."""
    terms = TrialTerms.objects.in_force_or_first(on)
    named = Placement.objects.running(on).filter(agreements__company_contact=contact)
    courses = Course.objects.running(on).filter(pk__in=named.values("course_id"))
    annexes = [annex for course in courses for annex in owed_by_companies(course, on, terms)]
    of_contact = [annex for annex in annexes if annex.engagement.contact == contact.pk]
    return sorted(of_contact, key=lambda annex: annex.engagement.first.pk)


def is_owed(annex: AnnexOverTime, on: datetime.date) -> bool:
    """Whether the company's answers are owed, asked for by now, and missing."""
    month = annex.current
    return month is not None and AnnexParty.COMPANY in month.awaited and month.month.asked_from <= on
