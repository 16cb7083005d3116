"""The link by which company or citizen answers the annex on a phone (D16, D44)."""

import datetime
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from accounts.links.models import RecipientKind, SignedLink
from accounts.links.purposes import LinkAddress, LinkPurpose
from accounts.models import TrialTerms, User
from cases.models import CourseFunction
from companies.annex.months import AnnexOverTime, AnsweredMonth, annex_over_time
from companies.annex.notices import ANNEX_LINK_LOST
from companies.annex.owed import owed_by_contact
from companies.links.last_sent import ANNEX
from companies.links.placements import address_of, citizens_of, linked_placement, send_link_about
from companies.links.undelivered import tell_team
from companies.models import AnnexParty, CompanyContact, Placement
from jobfirst import clock

CODE = ANNEX


class AskedAnnex(NamedTuple):
    """What a link asks: the annex of a placement, the party, and the month whose meeting is ahead."""

    placement: Placement
    annex: AnnexOverTime
    party: AnnexParty
    month: AnsweredMonth
    contact: CompanyContact


def asked_by(link: SignedLink, on: datetime.date) -> AskedAnnex | None:
    """Return what the link asks on the day; None when the placement is over, or somebody else is the contact
    person now."""
    linked = linked_placement(link)
    if linked is None or linked.placement.course.has_ended(on):
        return None
    annexes = annex_over_time(linked.placement.course, on, TrialTerms.objects.in_force_or_first(on))
    annex = next((annex for annex in annexes if annex.engagement.has(linked.placement)), None)
    if annex is None or annex.current is None:
        return None
    party = AnnexParty.COMPANY if linked.is_company else AnnexParty.CITIZEN
    return AskedAnnex(linked.placement, annex, party, annex.current, linked.contact)


def find_address(link: SignedLink) -> LinkAddress | None:
    """Return where the recipient is reached now; None when nothing is asked any more."""
    linked = linked_placement(link)
    return address_of(linked) if linked is not None and _unanswered(link) is not None else None


def _unanswered(link: SignedLink) -> AskedAnnex | None:
    """Return what the link asks today; None when nothing is asked any more, or it is answered."""
    asked = asked_by(link, clock.today())
    return None if asked is None or asked.month.reply_of(asked.party) is not None else asked


def others_owed(asked: AskedAnnex, on: datetime.date) -> list[AnnexOverTime]:
    """Return the other annexes that the company's contact person is to answer now, the next one first.

    A mail is about one placement, and there is at most one a week, so its page leads on to these. None for a
    citizen.
    """
    if asked.party != AnnexParty.COMPANY:
        return []
    here = asked.annex.engagement.first.pk
    others = [row for row in owed_by_contact(asked.contact, on) if row.engagement.first.pk != here]
    return sorted(others, key=lambda row: row.engagement.first.pk < here)


def _not_arrived(link: SignedLink) -> None:
    """Tell the mentors of all whose annex the mail was to lead to."""
    today = clock.today()
    asked = asked_by(link, today)
    if asked is None:
        return
    courses = [row.engagement.first.course for row in others_owed(asked, today)]
    if _unanswered(link) is not None:
        courses.append(asked.placement.course)
    for course in courses:
        tell_team(ANNEX_LINK_LOST, course, [CourseFunction.MENTOR])


def send_to(placement: Placement, party: AnnexParty, *, by: User | None, now: datetime.datetime) -> None:
    """Send the company's contact person or the citizen a link to the questions; refused as
    `send_link_about` says."""
    is_company = party == AnnexParty.COMPANY
    kind = RecipientKind.COMPANY_CONTACT if is_company else RecipientKind.CITIZEN
    send_link_about(CODE, placement, kind, by=by, now=now)


PURPOSE = LinkPurpose(
    code=CODE,
    url_name="companies:annex_by_link",
    is_single_use=False,
    page_name=_("The annex, answered by link"),
    subject_line=_("Short questions before the next meeting"),
    text=_(
        "Before the next follow-up meeting, %(jobcentre)s asks a few short questions about how it is going "
        "at work. It takes two minutes on a phone: %(url)s\n\nThe link works until %(last)s.\n\n%(sender)s"
    ),
    find_address=find_address,
    citizens=citizens_of,
    not_arrived=_not_arrived,
)
