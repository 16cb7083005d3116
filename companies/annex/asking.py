"""Ask the companies that have not answered: a contact person gets at most one mail a week (D16, D33)."""

import datetime
import logging
from collections import defaultdict

from accounts.links.actions import recipients_since
from accounts.models import TrialTerms
from companies.annex.links import CODE, send_to
from companies.annex.months import AnnexOverTime
from companies.annex.owed import owed_by_companies, owing_courses
from companies.deadlines import annex_missing
from companies.models import AnnexParty, CompanyContact
from jobfirst.values.dates import WEEK
from jobfirst.values.working_days import is_working_day

logger = logging.getLogger(__name__)


def ask_companies(on: datetime.date, now: datetime.datetime) -> int:
    """Send one link to each contact person whose answers are wanted and missing; return how many were sent.

    The link is about one placement, and its page leads on to the others that wait for the same person.
    Idempotent: who was sent one within a week is left out, so that it may run at any time of a working day.
    A change of contact person is asked at once. One failing course or mail does not stop the rest.
    """
    if not is_working_day(on):
        return 0
    owed = _owed_by_contact_id(on)
    asked = recipients_since(CODE, now - WEEK)
    count = 0
    for contact in CompanyContact.objects.filter(pk__in=owed).order_by("pk"):
        if contact.public_id in asked or not annex_missing.is_reachable(contact):
            continue
        try:
            send_to(owed[contact.pk][0].engagement.first, AnnexParty.COMPANY, by=None, now=now)
            count += 1
        except Exception as error:
            _log(error)
    return count


def _owed_by_contact_id(on: datetime.date) -> dict[int, list[AnnexOverTime]]:
    """Return the annexes that companies owe answers to, by the id of the contact person."""
    terms = TrialTerms.objects.in_force_or_first(on)
    owed: dict[int, list[AnnexOverTime]] = defaultdict(list)
    for course in owing_courses(on):
        try:
            for annex in owed_by_companies(course, on, terms):
                owed[annex.engagement.contact].append(annex)
        except Exception as error:
            _log(error)
    return owed


def _log(error: Exception) -> None:
    # The error's text may hold what must not be logged.
    logger.error("a company could not be asked about the annex: %s", type(error).__name__)
