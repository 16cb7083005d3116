"""Answers to the annex are missing: the mentor, a week after the company was asked (D16, D33)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.links.purposes import LinkAddress
from accounts.models import TrialTerms
from cases.deadlines.facts import CourseDays, CourseKeys, meeting_days, owed_by
from cases.deadlines.meeting_not_booked import booked_days
from cases.models import CourseFunction
from companies.annex.engagements import Engagement, engagements_by_course
from companies.models import AnnexParty, AnnexReply, CompanyContact
from companies.rules.annex import AnnexMonth, annex_months, due_date, mentor_told_from
from reminders.extension_points import DeadlineKind, InPause, Owed
from reminders.models import SubjectType
from reminders.rules.due_dates import DueDate


class ReplyDay(NamedTuple):
    """That a party answered on a day."""

    party: str
    day: datetime.date


def is_reachable(contact: CompanyContact) -> bool:
    """Whether a link can be sent to the contact person: by mail, or by SMS where a gateway is set."""
    return LinkAddress(contact.email, contact.phone).channel is not None


def complete_on(month: AnnexMonth, replies: Sequence[ReplyDay]) -> datetime.date | None:
    """Return the day on which both parties had answered; None while one is missing."""
    days = {reply.party: reply.day for reply in replies if reply.day in month.days}
    return max(days.values()) if len(days) == len(AnnexParty) else None


def reply_days(keys: CourseKeys) -> dict[int, list[ReplyDay]]:
    """Return who answered on which day, by placement; one query."""
    days: dict[int, list[ReplyDay]] = defaultdict(list)
    rows = AnnexReply.objects.filter(placement__course__public_id__in=keys).order_by()
    for placement, party, day in rows.values_list("placement_id", "party", "answered_on"):
        days[placement].append(ReplyDay(party, day))
    return days


def find(keys: CourseKeys) -> Iterator[Owed]:
    """Return what the courses owe."""
    held, booked, engagements = meeting_days(keys), booked_days(keys), engagements_by_course(keys)
    replies, reachable = reply_days(keys), _reachable(engagements.values())

    def of_course(course: CourseDays, terms: TrialTerms) -> Iterator[DueDate]:
        for engagement in engagements.get(course.pk, ()):
            of_chain = [reply for link in engagement.placements for reply in replies.get(link.pk, ())]
            months = annex_months(
                course.follow_up,
                held.get(course.pk, ()),
                booked.get(course.pk, ()),
                engagement.days,
                interval_days=terms.meeting_interval_days,
                lead_days=terms.annex_lead_days,
            )
            for month in months:
                told_from = mentor_told_from(
                    month,
                    has_address=engagement.contact in reachable,
                    reminder_days=terms.annex_mentor_days,
                )
                due = due_date(month, engagement.days, complete_on(month, of_chain), told_from=told_from)
                if due is not None:
                    yield due

    return owed_by(keys, KIND.code, of_course)


def _reachable(engagements: Collection[list[Engagement]]) -> set[int]:
    """Return the ids of the contact persons to whom a link can be sent; one query, none without any."""
    contacts = {engagement.contact for of_course in engagements for engagement in of_course}
    rows = CompanyContact.objects.filter(pk__in=contacts) if contacts else []
    return {contact.pk for contact in rows if is_reachable(contact)}


def _review(public_id: str) -> str:
    return reverse("progression:review", args=[public_id])


KIND = DeadlineKind(
    code="annex_missing",
    label=_("Answers to the annex are missing"),
    task=_("Answers to the annex from company and citizen"),
    subject_type=SubjectType.COURSE,
    functions=(CourseFunction.MENTOR,),
    find=find,
    link=_review,
    in_pause=InPause.SUSPENDED,
    follows=("meeting_not_booked", "meeting_overdue", "agreement_ending"),
)
