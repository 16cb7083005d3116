"""The demo's answers to the annex, reports of companies, and closing assessments (D16, D48, D54).

The values come from a random generator of the course's own, so that the rest of the demo stays as it is.
"""

import datetime
import random
from collections.abc import Iterable, Iterator
from decimal import Decimal

from cases.models import CourseFunction, FollowUpMeeting
from companies.annex.questions import version_on
from companies.models import (
    AnnexAnswer,
    AnnexChannel,
    AnnexParty,
    AnnexReply,
    CitizenAgreement,
    ClosingAssessment,
    ClosingOutcome,
    HiredAs,
    Placement,
    PlacementReport,
    ReportedAbsence,
    ReportKind,
    WorkAgreement,
)
from demo.courses.history import CourseHistory
from demo.placements.agreements import stays_draft
from jobfirst.values.dates import DAY
from progression.models import Question, QuestionnaireVersion

ANSWERED_SHARE = 0.8  # of a party's months
AHEAD_SHARE = 0.4  # of the companies that have answered before the next meeting
REPORT_SHARE = 0.12  # of the running placements: a report that waits
STOPS_EARLY = 10  # of twelve courses: a report of an early stop that waits
ASSESSED_SHARE = 0.75  # of the placements that are over
HIGHEST = 5
COMMENTS = [
    "",
    "",
    "Det går den rigtige vej.",
    "God stemning i frokostpausen.",
    "Vi mangler en opgave til fredagen.",
    "Har brug for lidt kortere dage i en periode.",
]
ENDINGS = [
    ClosingOutcome.COMPLETED,
    ClosingOutcome.COMPLETED,
    ClosingOutcome.COMPLETED,
    ClosingOutcome.PARTLY,
    ClosingOutcome.HIRED,
]


def add_annexes(histories: Iterable[CourseHistory]) -> None:
    """Add what company and citizen answered before each meeting, what companies report, and how it went."""
    version: QuestionnaireVersion | None = None
    for history in histories:
        rng = random.Random(f"annex {history.course.referral.public_id}")  # noqa: S311 - made-up data
        made = [row for row in history.rows[WorkAgreement] if not stays_draft(history, row)]
        # By identity: rows that are not saved yet cannot be keys.
        agreements = {id(agreement.placement): agreement for agreement in made}
        for agreement in agreements.values():
            placement = agreement.placement
            version = version or version_on(history.on)
            _AnsweringAnnex(history, agreement, version, rng).add_all()
            _report_absence(history, placement, agreement, rng)
            _report_early_stop(history, placement, agreement)
            _assess(history, placement, agreement, rng)


class _AnsweringAnnex:
    """Adds the answers about one placement; `level` is how well it goes, and rises slowly."""

    def __init__(
        self,
        history: CourseHistory,
        agreement: WorkAgreement,
        version: QuestionnaireVersion,
        rng: random.Random,
    ) -> None:
        self.history, self.agreement, self.version, self.rng = history, agreement, version, rng
        self.level = rng.uniform(2, 4)

    def add_all(self) -> None:
        for day in self._days():
            for party in AnnexParty:
                if self.rng.random() < ANSWERED_SHARE:
                    self._add(party, day)
            self.level = min(HIGHEST, self.level + self.rng.uniform(0, 0.5))
        placement, on = self.agreement.placement, self.history.last_day()
        is_running = on in placement.span and self.history.course.ended_on is None
        if is_running and on >= self._first() and self.rng.random() < AHEAD_SHARE:
            self._add(AnnexParty.COMPANY, on)

    def _first(self) -> datetime.date:
        return max(self.agreement.placement.starts_on, self.agreement.made_on)

    def _days(self) -> Iterator[datetime.date]:
        """Yield a day shortly before each meeting that was held while the placement ran."""
        held = {meeting.held_on for meeting in self.history.rows[FollowUpMeeting]} - {None}
        last = None
        for held_on in sorted(day for day in held if day is not None):
            day = held_on - self.rng.randrange(3) * DAY
            if day in self.agreement.placement.span and day >= self._first() and (last is None or day > last):
                yield day
            last = held_on

    def _add(self, party: AnnexParty, day: datetime.date) -> None:
        is_company = party == AnnexParty.COMPANY
        by_link = is_company and self.rng.random() < 0.7
        other = AnnexChannel.PHONE if is_company else AnnexChannel.TOGETHER
        name = self.agreement.company_contact_name if is_company else self.history.course.citizen_name
        reply = self.history.add(
            AnnexReply(
                placement=self.agreement.placement,
                party=party,
                questionnaire_version=self.version,
                answered_on=day,
                channel=AnnexChannel.LINK if by_link else other,
                answered_by_name=name,
                contact=self.agreement.company_contact if is_company else None,
                comment=self.rng.choice(COMMENTS) if is_company else "",
                entered_by=None if by_link else self.history.people[CourseFunction.MENTOR],
            )
        )
        questions: Iterable[Question] = self.version.questions.all()
        for question in questions:
            value = max(1, min(HIGHEST, round(self.rng.gauss(self.level, 0.7))))
            self.history.add(AnnexAnswer(reply=reply, question=question, value=value))


def _report_absence(
    history: CourseHistory, placement: Placement, agreement: WorkAgreement, rng: random.Random
) -> None:
    day = history.last_day()
    if rng.random() < REPORT_SHARE and day in placement.span and history.course.ended_on is None:
        history.add(
            PlacementReport(
                placement=placement,
                kind=ReportKind.ABSENCE,
                absence=ReportedAbsence.ILL,
                first_on=day,
                last_on=day,
                reason="Ringede i morges.",
                reported_on=day,
                reported_by_name=agreement.company_contact_name,
                contact=agreement.company_contact,
            )
        )


def _report_early_stop(history: CourseHistory, placement: Placement, agreement: WorkAgreement) -> None:
    """Let one company in twelve say that it stops in a week, where more than that is planned."""
    day, last = history.last_day(), placement.last_day
    stops_on = day + 7 * DAY
    if history.course.referral.public_id.int % 12 != STOPS_EARLY or history.course.ended_on is not None:
        return
    if day in placement.span and placement.ended_on is None and last is not None and stops_on < last:
        history.add(
            PlacementReport(
                placement=placement,
                kind=ReportKind.EARLY_STOP,
                last_on=stops_on,
                reason="Vi lukker afdelingen og har ikke opgaver længere.",
                reported_on=day,
                reported_by_name=agreement.company_contact_name,
                contact=agreement.company_contact,
            )
        )


def _assess(
    history: CourseHistory, placement: Placement, agreement: WorkAgreement, rng: random.Random
) -> None:
    is_renewed = any(renewal.renews is placement for renewal in history.rows[Placement])
    last, on = placement.last_day, history.last_day()
    if last is None or last >= on or is_renewed or rng.random() > ASSESSED_SHARE:
        return
    outcome = rng.choice(ENDINGS)
    is_hired = outcome == ClosingOutcome.HIRED
    has_word = rng.random() < 0.7
    history.add(
        ClosingAssessment(
            placement=placement,
            outcome=outcome,
            hired_as=HiredAs.FLEX_JOB if is_hired else "",
            hired_hours=Decimal(12) if is_hired else None,
            comment=rng.choice(COMMENTS),
            given_by_name=agreement.company_contact_name,
            given_on=min(on, last + DAY),
            contact=agreement.company_contact,
            citizen_answer=CitizenAgreement.AGREES if has_word else "",
            citizen_answered_on=min(on, last + 3 * DAY) if has_word else None,
            citizen_entered_by=history.people[CourseFunction.MENTOR] if has_word else None,
        )
    )
