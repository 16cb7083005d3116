"""The links that go out by themselves: to report, when a placement begins (D48), and to assess, when it is
over (D54)."""

import datetime
import logging
from collections.abc import Iterable

from accounts.links.actions import last_links
from accounts.links.models import RecipientKind
from accounts.models import TrialTerms
from cases.models import Course, EndReason
from companies.annex.engagements import Engagement, engagements_of
from companies.closing import links as closing
from companies.closing.actions import may_be_assessed
from companies.deadlines.annex_missing import is_reachable
from companies.links.placements import send_link_about
from companies.models import ClosingAssessment, CompanyContact, Placement
from companies.reports import links as reports
from jobfirst.values.dates import DAY
from jobfirst.values.working_days import is_working_day

logger = logging.getLogger(__name__)


def send_links_of_placements(on: datetime.date, now: datetime.datetime) -> int:
    """Send the links that are wanted and not sent yet; return how many. Idempotent, on working days only.

    A new contact person gets the reporting link at once; one that has expired is replaced. A placement that
    ended with its course is assessed like any other, for so many days after its last day as the terms say
    (`closing_days`); later only when staff send the link. One failing course does not stop the rest.
    """
    if not is_working_day(on):
        return 0
    terms = TrialTerms.objects.in_force_or_first(on)
    recent = Placement.objects.running_within(on - terms.closing_days * DAY, on)
    agreed = recent.filter(agreements__isnull=False).values("course_id")
    count = 0
    for course in Course.objects.filter(pk__in=agreed).order_by("pk"):
        try:
            count += sum(_send(row, course, terms, on, now) for row in engagements_of(course))
        except Exception as error:
            # The error's text may hold what must not be logged.
            logger.error("a link to a company could not be sent: %s", type(error).__name__)
    return count


def _send(
    engagement: Engagement, course: Course, terms: TrialTerms, on: datetime.date, now: datetime.datetime
) -> int:
    contact = CompanyContact.objects.get(pk=engagement.contact)
    if not is_reachable(contact):
        return 0
    codes = [
        code
        for code in _wanted(engagement, course, terms, on)
        if not _has_link(code, engagement, contact, now)
    ]
    for code in codes:
        send_link_about(code, engagement.first, RecipientKind.COMPANY_CONTACT, by=None, now=now)
    return len(codes)


def _wanted(engagement: Engagement, course: Course, terms: TrialTerms, on: datetime.date) -> Iterable[str]:
    """Yield the purposes of the links that the contact person is to have on the day."""
    if on in engagement.days and not course.has_ended(on):
        yield reports.CODE
    last = engagement.placements[-1]
    last_day = last.last_day
    if last_day is None or not last_day < on <= last_day + terms.closing_days * DAY:
        return
    is_assessed = ClosingAssessment.objects.filter(placement=last).exists()
    if _is_within(course, last_day) and may_be_assessed(last, on) and not is_assessed:
        yield closing.CODE


def _is_within(course: Course, last_day: datetime.date) -> bool:
    """Whether a placement with this last day ended no later than its course; nobody is asked about a citizen
    who died."""
    if course.ended_on is None:
        return True
    return last_day <= course.ended_on and course.end_reason != EndReason.DIED


def _has_link(code: str, engagement: Engagement, contact: CompanyContact, now: datetime.datetime) -> bool:
    """Whether the contact person was sent a link of the purpose that has not expired."""
    subject = engagement.first.public_id
    last = last_links(code, [subject]).get((subject, contact.public_id))
    return last is not None and last.link.expires_at > now
