"""Corrections of a placement: its first day, company, workplace or kind, and an end by mistake (D41).

Everything that rests on the placement follows in the same transaction: renewals, the course's dates,
deadlines and core elements, earned parts of the grant, and the work agreement's next version (D45).
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.checks import changed, refuse
from cases.actions.corrections import check_reason, correct_record
from cases.actions.deadlines import updates_deadlines
from cases.rules.deliveries import as_delivered
from cases.rules.weekly_contact import week_of
from companies.actions.agreements import save_agreement
from companies.actions.company_locks import share_companies, shared_company
from companies.actions.placement_rows import (
    check_begins_in_course,
    check_fits_kind,
    check_length,
    check_overlap,
    check_workplace,
    internships_changed,
    locked_placement,
)
from companies.actions.renewals import contact_now
from companies.extension_points import placements_changed
from companies.merging.lookup import remaining_workplace
from companies.models import (
    AgreementState,
    Company,
    HoursChange,
    Match,
    Placement,
    PlacementKind,
    ReportState,
    WorkAgreement,
    Workplace,
)
from companies.rules.attendance import days_possible
from companies.rules.placement_kinds import WAIVERS, has_field, kinds_of_hours, unfitting
from jobfirst.values.dates import DAY, DateSpan


@dataclass(frozen=True)
class CorrectedPlacement:
    """What a correction says of a placement; the hours are those of its first day."""

    company: Company
    workplace: Workplace | None
    kind: str
    starts_on: datetime.date
    planned_end_on: datetime.date | None
    internship_hours: Decimal = Decimal(0)
    ordinary_hours: Decimal = Decimal(0)

    def fields(self) -> dict[str, Any]:
        """Return the fields of the placement."""
        return dict(vars(self))


@updates_deadlines()
@transaction.atomic
def correct_placement(
    placement: Placement,
    facts: CorrectedPlacement,
    *,
    reason: str,
    by: User,
    today: datetime.date,
    version: int | None = None,
) -> Placement:
    """Correct the first day, company, workplace, kind, planned end or first hours of a placement.

    1. Refused where the placement could not be agreed so, where its last day would lie before its first one,
       and where attendance is recorded on days that would fall out of it.
    2. An internship takes the match at its company along, or has one made there from its own.
    3. Waivers and changes of the hours that do not fit any more go.
    4. The work agreement gets a next version, a draft, which voids what D45 says once it is put up. At
       another company it holds no longer.

    StaleError when it was saved since `version`. Idempotent: the same facts again change nothing.
    """
    share_companies()
    placement = locked_placement(placement, version)
    facts = _remaining(facts)
    if all(getattr(placement, name) == value for name, value in facts.fields().items()):
        return placement
    check_reason(reason, is_needed=True)
    check_facts(placement, facts)
    _store(placement, facts, reason=reason, by=by, today=today)
    placements_changed([placement.course_id])
    placement.refresh_from_db()
    return placement


def _store(
    placement: Placement, facts: CorrectedPlacement, *, reason: str, by: User, today: datetime.date
) -> None:
    """Save the facts, and let match, hours, renewals, phases and work agreement follow."""
    old_company, old_kind = placement.company_id, placement.kind
    match = _match(placement, facts, by)
    _follow_with_hours(placement, facts)
    Placement.objects.filter(renews=placement).update(renews=None)
    follows = {"match": match, "renews": None, "delivered": _delivered(placement), **_waivers(facts)}
    correct_record(placement, facts.fields(), by=by, reason=reason, follows=follows)
    if PlacementKind.INTERNSHIP in (old_kind, placement.kind):
        internships_changed(placement.course, {old_company, placement.company_id})
    _follow_with_agreement(placement, is_moved=old_company != placement.company_id, by=by, today=today)


def _remaining(facts: CorrectedPlacement) -> CorrectedPlacement:
    """Return the facts with the records that company and workplace lead to."""
    workplace = None if facts.workplace is None else remaining_workplace(facts.workplace)
    values = facts.fields() | {"company": shared_company(facts.company), "workplace": workplace}
    return CorrectedPlacement(**values)


def check_facts(placement: Placement, facts: CorrectedPlacement) -> None:
    """Refuse what the placement cannot be. Final only under the course's lock."""
    check_workplace(facts.company, facts.workplace)
    hours = {"internship_hours": facts.internship_hours, "ordinary_hours": facts.ordinary_hours}
    check_fits_kind(facts.kind, hours)
    check_begins_in_course(placement.course, facts.starts_on)
    days = (facts.kind, facts.starts_on, facts.planned_end_on)
    if days != (placement.kind, placement.starts_on, placement.planned_end_on):
        check_length(*days)
    if placement.ended_on is not None and placement.ended_on < facts.starts_on:
        raise refuse("starts_on", _("The last day must not be before the start."), "order")
    span = DateSpan(facts.starts_on, placement.ended_on or facts.planned_end_on)
    check_overlap(
        placement.course,
        facts.company.pk,
        facts.kind,
        span,
        workplace_id=None if facts.workplace is None else facts.workplace.pk,
        without=placement,
    )
    _check_recorded_days(placement, span)


def _check_recorded_days(placement: Placement, span: DateSpan) -> None:
    """Refuse days that leave recorded attendance, or a report of the company that waits, outside of them."""
    outside = [
        week.monday
        for week in placement.attendance.all()
        if week.days.total > days_possible(span, week_of(week.monday))
    ]
    if outside:
        text = _("Attendance is recorded outside of these days. Correct or withdraw it first: %(weeks)s.")
        raise refuse("starts_on", text % {"weeks": _in_words(outside)}, "attendance")
    waiting = [
        report.last_on
        for report in placement.reports.filter(state=ReportState.WAITING)
        if report.last_on not in span or (report.first_on or report.last_on) not in span
    ]
    if waiting:
        text = _("The company has reported days outside of these. Answer the report first: %(days)s.")
        raise refuse("starts_on", text % {"days": _in_words(waiting)}, "report")


def _in_words(days: list[datetime.date]) -> str:
    return ", ".join(date_format(day) for day in sorted(days))


def _match(placement: Placement, facts: CorrectedPlacement, by: User) -> Match | None:
    """Return the match of an internship, None for another kind (D14)."""
    if facts.kind != PlacementKind.INTERNSHIP:
        return None
    match = placement.course.matches.filter(company=facts.company).first()
    if match is not None and match.matched_on <= facts.starts_on:
        return match
    if match is not None:
        if match.registered_by_id is None:  # an import dated it on the first internship day
            changed(match, {"matched_on": max(facts.starts_on, placement.course.started_on)})
            return match
        text = _("The match is recorded on %(day)s, after this first day. Correct the match first.")
        raise refuse("starts_on", text % {"day": date_format(match.matched_on)}, "no_match")
    before = placement.match
    if before is None:
        text = _("An internship starts when a match is recorded: record it first.")
        raise refuse("starts_on", text, "no_match")
    return Match.objects.create(
        course=placement.course,
        company=facts.company,
        matched_on=min(before.matched_on, facts.starts_on),
        job_function=before.job_function,
        why=before.why,
        registered_by=by,
    )


def _waivers(facts: CorrectedPlacement) -> dict[str, Any]:
    """Return the waivers that the kind has no field for, taken away."""
    waivers: dict[str, Any] = {name: False for name in WAIVERS if not has_field(facts.kind, name)}
    if not has_field(facts.kind, "waiver_reason"):
        waivers |= {"waiver_reason": "", "waived_by": None}
    return waivers


def _follow_with_hours(placement: Placement, facts: CorrectedPlacement) -> None:
    """Refuse changes of the hours that do not fit the kind; of those outside of the new days they go.

    Others outside of the days stay without effect, so that they hold again when the days are moved back.
    """
    span = DateSpan(facts.starts_on + DAY, placement.ended_on or facts.planned_end_on)
    for change in placement.hours_changes.all():
        values = {name: getattr(change, name) for name in HoursChange.FIELDS}
        if not unfitting(facts.kind, values):
            continue
        if change.from_on in span:
            text = _("The hours from %(day)s do not fit this kind. Correct them first.")
            raise refuse("kind", text % {"day": date_format(change.from_on)}, "hours")
        change.delete()


def _delivered(placement: Placement) -> dict[str, str] | None:
    """Return what a file said of the placement, with what identified it then, so that it is known again
    (D42)."""
    if placement.delivered is None:
        return None
    identity = {
        "cvr": placement.company.cvr,
        "kind": placement.kind,
        "starts_on": placement.starts_on,
    }
    return {**as_delivered(identity), **placement.delivered}


def _follow_with_agreement(
    placement: Placement, *, is_moved: bool, by: User, today: datetime.date
) -> WorkAgreement | None:
    """Let the next version of the work agreement say what is correct, as a draft; None without an agreement.

    At another company no version holds any more. Once the placement is over nobody could sign another one:
    what was signed stays.
    """
    newest: WorkAgreement | None = placement.agreements.current().first()
    if newest is None or (placement.is_over(today) and not is_moved):
        return None
    if is_moved:
        placement.agreements.current().update(state=AgreementState.REPLACED)
        return None
    contact = contact_now(placement, newest.company_contact)
    if contact is None:
        return None
    hours = kinds_of_hours(placement.kind)
    return save_agreement(
        placement,
        content={name: getattr(newest, name) for name in WorkAgreement.written_names()}
        | {"company_contact": contact},
        contact=contact,
        schedule=[period for period in newest.periods() if period.kind in hours],
        made_on=today,
        by=by,
        is_draft=True,
    )


@updates_deadlines()
@transaction.atomic
def take_back_end(placement: Placement, *, reason: str, by: User, version: int | None = None) -> Placement:
    """Let a placement run again whose last day was recorded by mistake, to its planned last day.

    Renewals that were removed with the end are not made again. Refused when another placement has taken its
    days, and on an ended course. Idempotent.
    """
    placement = locked_placement(placement, version)
    if placement.ended_on is None:
        return placement
    check_reason(reason, is_needed=True)
    course_end = placement.course.ended_on
    if course_end is not None and (
        placement.planned_end_on is None or placement.planned_end_on >= course_end
    ):
        raise ValidationError(_("The course has ended: it is opened again first."), code="course_ended")
    check_overlap(
        placement.course,
        placement.company_id,
        placement.kind,
        DateSpan(placement.starts_on, placement.planned_end_on),
        workplace_id=placement.workplace_id,
        without=placement,
    )
    ending = {"ended_on": None, "end_reason": "", "end_note": "", "end_reported_by": "", "actual_hours": None}
    correct_record(placement, ending, by=by, reason=reason)
    if placement.kind == PlacementKind.INTERNSHIP:
        internships_changed(placement.course, [placement.company_id])
    placements_changed([placement.course_id])
    return placement
