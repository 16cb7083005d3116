"""The months of an annex with what company and citizen have answered in each (D35)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accounts.models import TrialTerms
from cases.deadlines.facts import CourseKeys, meeting_days
from cases.deadlines.meeting_not_booked import booked_days
from cases.models import Course
from companies.annex.engagements import Engagement, engagements_of
from companies.models import AnnexParty, AnnexReply
from companies.rules.annex import AnnexMonth, annex_months, are_answers_shown


@dataclass(frozen=True)
class AnsweredMonth:
    """A month of an engagement with the replies of both parties; `is_shown` says whether their content may be
    seen on the day."""

    month: AnnexMonth
    company: AnnexReply | None
    citizen: AnnexReply | None
    is_shown: bool
    on: datetime.date

    def reply_of(self, party: AnnexParty) -> AnnexReply | None:
        """Return what the party answered."""
        return self.company if party == AnnexParty.COMPANY else self.citizen

    @property
    def replies(self) -> list[AnnexReply]:
        """What has been answered, the company's first."""
        return [reply for reply in (self.company, self.citizen) if reply is not None]

    @property
    def has_replies(self) -> bool:
        """Whether anybody has answered."""
        return self.company is not None or self.citizen is not None

    @property
    def is_open(self) -> bool:
        """Whether the meeting has not been held yet."""
        return not self.month.is_held

    @property
    def missing(self) -> list[AnnexParty]:
        """Who has not answered a month whose day has passed, or whose meeting has been held."""
        is_over = self.month.is_held or self.month.due_on < self.on
        if not self.month.is_owed or not is_over:
            return []
        return [party for party in AnnexParty if self.reply_of(party) is None]

    @property
    def awaited(self) -> list[AnnexParty]:
        """Who is to answer before a meeting that has not been held."""
        if self.month.is_held or not self.month.is_owed:
            return []
        return [party for party in AnnexParty if self.reply_of(party) is None]


@dataclass(frozen=True)
class AnnexOverTime:
    """An engagement and its months until now, the latest first."""

    engagement: Engagement
    months: Sequence[AnsweredMonth]
    on: datetime.date

    @property
    def current(self) -> AnsweredMonth | None:
        """The month whose meeting has not been held, while the placement runs."""
        if self.on not in self.engagement.days:
            return None
        return next((month for month in self.months if month.is_open and self.on in month.month.days), None)

    def month_on(self, day: datetime.date) -> AnsweredMonth | None:
        """Return the month that the day belongs to."""
        return next((month for month in self.months if day in month.month.days), None)


def months_of(engagement: Engagement, course: Course, terms: TrialTerms) -> list[AnnexMonth]:
    """Return the months of the engagement in order, with the terms of a day; two queries."""
    keys: CourseKeys = [str(course.public_id)]
    return list(
        annex_months(
            course.follow_up,
            meeting_days(keys).get(course.pk, ()),
            booked_days(keys).get(course.pk, ()),
            engagement.days,
            interval_days=terms.meeting_interval_days,
            lead_days=terms.annex_lead_days,
        )
    )


def annex_over_time(
    course: Course, on: datetime.date, terms: TrialTerms, *, with_answers: bool = True
) -> list[AnnexOverTime]:
    """Return the annexes of a course with their replies as of a day, the latest placement first; two queries,
    two for each placement with a work agreement, and three for the answers in the replies."""
    replies = AnnexReply.objects.filter(placement__course=course, answered_on__lte=on)
    replies = replies.select_related("entered_by")
    if with_answers:
        replies = replies.prefetch_related("answers__question__category")
    by_placement: dict[int, list[AnnexReply]] = {}
    for reply in replies:
        by_placement.setdefault(reply.placement_id, []).append(reply)
    annexes = []
    for engagement in reversed(engagements_of(course)):
        of_chain = [reply for link in engagement.placements for reply in by_placement.get(link.pk, ())]
        months = months_of(engagement, course, terms)
        annexes.append(AnnexOverTime(engagement, list(_answered(months, of_chain, engagement, on))[::-1], on))
    return annexes


def _answered(
    months: Iterable[AnnexMonth], replies: Sequence[AnnexReply], engagement: Engagement, on: datetime.date
) -> Iterable[AnsweredMonth]:
    for month in months:
        if month.days.first > on:
            continue
        of_month = {reply.party: reply for reply in replies if reply.answered_on in month.days}
        company, citizen = of_month.get(AnnexParty.COMPANY), of_month.get(AnnexParty.CITIZEN)
        are_both_in = company is not None and citizen is not None
        is_shown = are_answers_shown(month, engagement.days, on, are_both_in=are_both_in)
        yield AnsweredMonth(month, company, citizen, is_shown, on)
