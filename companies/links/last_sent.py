"""The last links about the placements of a course, read once for all sections of a page (D44).

The codes of their purposes stand here, so that one query reads the links of all of them.
"""

import uuid
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db.models import OuterRef, Q, Subquery

from accounts.links.actions import LastLink
from accounts.links.models import SignedLink
from cases.deadlines.facts import CourseKeys
from cases.models import Course
from companies.annex.engagements import Engagement, engagements_by_course
from companies.models import CompanyContact, Placement
from reminders.fact_cache import read_once

ANNEX, REPORT, CLOSING = "annex.answer", "placement.report", "placement.closing"


class LastLinks(NamedTuple):
    """The last link to the company and to the citizen about each engagement, whoever was the contact person
    then, by purpose, public id of its first placement and kind of recipient; and the last annex link to each
    contact person (by id), about whichever placement."""

    about: Mapping[tuple[str, uuid.UUID, str], LastLink]
    to_contacts: Mapping[int, LastLink]

    def last(self, purpose: str, engagement: Engagement, kind: str) -> LastLink | None:
        """Return the last link of the purpose about the engagement to this kind of recipient."""
        return self.about.get((purpose, engagement.first.public_id, kind))


def last_links_of(course: Course) -> LastLinks:
    """Return the last links about the placements of a course; one query besides its engagements', none
    without an engagement."""
    return _last_links([str(course.public_id)])


@read_once
def _last_links(keys: CourseKeys) -> LastLinks:
    engagements = [row for rows in engagements_by_course(keys).values() for row in rows]
    if not engagements:
        return LastLinks({}, {})
    about: dict[tuple[str, uuid.UUID, str], LastLink] = {}
    to_contacts: dict[int, LastLink] = {}
    subjects = {engagement.first.public_id for engagement in engagements}
    for link in _newest_last(engagements, subjects):
        last = LastLink(link)
        if link.subject in subjects:
            about[link.purpose, link.subject, link.recipient_kind] = last
        if link.purpose == ANNEX and link.contact is not None:  # type: ignore[attr-defined]  # annotated
            to_contacts[link.contact] = last  # type: ignore[attr-defined]
    return LastLinks(about, to_contacts)


def _newest_last(engagements: Iterable[Engagement], subjects: set[uuid.UUID]) -> list[SignedLink]:
    """Return the last link of each purpose and recipient about each subject, and to the contact persons the
    last annex link about each other placement at these companies."""
    companies = {placement.company_id for engagement in engagements for placement in engagement.placements}
    persons = CompanyContact.objects.filter(pk__in={engagement.contact for engagement in engagements})
    # By the placements of the companies, since links have an index by subject.
    there = Placement.objects.filter(company__in=companies).values("public_id")
    links = (
        SignedLink.objects.messages()
        .filter(purpose__in=(ANNEX, REPORT, CLOSING), subject__in=there)
        .filter(Q(subject__in=subjects) | Q(purpose=ANNEX, recipient__in=persons.values("public_id")))
        .annotate(contact=Subquery(persons.filter(public_id=OuterRef("recipient")).values("pk")))
        .order_by("purpose", "subject", "recipient", "-pk")
        .distinct("purpose", "subject", "recipient")
    )
    return sorted(links, key=lambda link: link.pk)
