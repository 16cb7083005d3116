"""Ask the companies that have not answered: a link at most once a week (D16, D33)."""

import datetime
import logging

from accounts.links.actions import last_links
from accounts.models import TrialTerms
from cases.models import Course
from companies.annex.links import CODE, send_to
from companies.annex.months import AnnexOverTime, annex_over_time
from companies.deadlines import annex_missing
from companies.models import AnnexParty, CompanyContact, Placement
from jobfirst.calendar import is_working_day
from jobfirst.dates import WEEK

logger = logging.getLogger(__name__)


def ask_companies(on: datetime.date, now: datetime.datetime) -> int:
    """Send a link to each contact person whose answers are wanted and missing; return how many were sent.

    Idempotent: who was sent one within a week is left out, so that it may run at any time of a working day.
    A change of contact person is asked at once. One failing course does not stop the rest.
    """
    if not is_working_day(on):
        return 0
    terms = TrialTerms.objects.in_force_or_first(on)
    running = Placement.objects.running(on).filter(agreements__isnull=False)
    courses = Course.objects.filter(pk__in=running.values("course_id"), ended_on__isnull=True)
    count = 0
    for course in courses.select_related("project").order_by("pk"):
        try:
            count += _ask(course, on, now, terms)
        except Exception as error:
            # The error's text may hold what must not be logged.
            logger.error("a company could not be asked about the annex: %s", type(error).__name__)
    return count


def _ask(course: Course, on: datetime.date, now: datetime.datetime, terms: TrialTerms) -> int:
    suspended = course.pauses.filter(suspended__contains=[annex_missing.KIND.code], starts_on__lte=on)
    if any(pause.ends_on is None or pause.ends_on >= on for pause in suspended):
        return 0
    wanted = [annex for annex in annex_over_time(course, on, terms) if _is_wanted(annex, on)]
    count = 0
    for annex in wanted:
        first = annex.engagement.first
        contact = CompanyContact.objects.get(pk=annex.engagement.contact)
        last = last_links(CODE, [first.public_id]).get((first.public_id, contact.public_id))
        is_recent = last is not None and now - last.link.created_at < WEEK
        if annex_missing.is_reachable(contact) and not is_recent:
            send_to(first, AnnexParty.COMPANY, by=None, now=now)
            count += 1
    return count


def _is_wanted(annex: AnnexOverTime, on: datetime.date) -> bool:
    """Whether the company's answers are owed, asked for by now, and missing."""
    month = annex.current
    return month is not None and AnnexParty.COMPANY in month.awaited and month.month.asked_from <= on
