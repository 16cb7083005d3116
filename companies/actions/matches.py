"""Record matches between citizen and company (D14)."""

import datetime
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.checks import locked, refuse, sent_before
from cases.actions.deadlines import updates_elements
from cases.models import Course
from companies.actions.company_locks import shared_company
from companies.matching.entries import close_by_match
from companies.models import Company, Match


@updates_elements(5)
@transaction.atomic
def record_match(
    course: Course,
    company: Company,
    *,
    matched_on: datetime.date,
    job_function: str = "",
    why: str = "",
    by: User | None = None,
    submission: uuid.UUID | None = None,
    not_after: datetime.date | None = None,
) -> Match:
    """Record the match between citizen and company, from which an internship may start (D14).

    There is one match per company. Idempotent: the same match again returns the existing one; another day or
    reason for a company that is matched already is refused. It ends a dialogue with the company.
    """
    company = shared_company(company)
    course = locked(course)
    existing = sent_before(Match, course, submission, company=company)
    existing = existing or course.matches.filter(company=company).first()
    if existing is not None:
        content = (existing.matched_on, existing.job_function, existing.why)
        if content != (matched_on, job_function, why):
            raise refuse("cvr", _("A match at this company is recorded already."), "matched")
        return existing
    if matched_on < course.started_on:
        raise refuse("matched_on", _("The day lies before the course's start."), "before_start")
    if not_after is not None and matched_on > not_after:
        raise refuse("matched_on", _("The day lies in the future."), "future")
    match = Match.objects.create(
        course=course,
        company=company,
        matched_on=matched_on,
        job_function=job_function,
        why=why,
        registered_by=by,
        submission=submission,
    )
    close_by_match(match, is_new=True, by=by)
    return match


def match_for_internship(course: Course, company: Company, starts_on: datetime.date) -> Match:
    """Return the match at the company that an internship from that day needs (D14)."""
    match = course.matches.filter(company=company, matched_on__lte=starts_on).first()
    if match is None:
        raise refuse(
            "starts_on", _("An internship starts when a match is recorded: record it first."), "no_match"
        )
    return match
