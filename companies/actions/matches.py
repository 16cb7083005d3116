"""Record matches between citizen and company, correct and withdraw them (D14, D41)."""

import datetime
import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from audit.corrections import Correction, CorrectionAct, record_correction
from cases.actions.checks import locked, refuse, sent_before
from cases.actions.corrections import act_in_words, check_reason, correct_record
from cases.actions.deadlines import updates_elements
from cases.models import Course
from companies.actions.company_locks import shared_company
from companies.matching.entries import close_by_match
from companies.models import Company, Match, Placement
from jobfirst.kit.versioned import ensure_fresh


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


@updates_elements(5)
@transaction.atomic
def correct_match(
    match: Match,
    *,
    matched_on: datetime.date,
    job_function: str,
    why: str,
    by: User,
    reason: str,
    version: int | None = None,
    not_after: datetime.date | None = None,
) -> Match:
    """Correct the day, job function or words of a match, with the reason (D41). Idempotent.

    Refused after the first day of an internship that rests on it. StaleError when saved since `version`.
    """
    course = locked(match.course)
    current = Match.objects.select_related("course").get(pk=match.pk)
    ensure_fresh(current, version)
    fields = {"matched_on": matched_on, "job_function": job_function, "why": why}
    if all(getattr(current, name) == value for name, value in fields.items()):
        return current
    check_reason(reason, is_needed=True)
    if matched_on < course.started_on:
        raise refuse("matched_on", _("The day lies before the course's start."), "before_start")
    if not_after is not None and matched_on > not_after:
        raise refuse("matched_on", _("The day lies in the future."), "future")
    first = current.placements.order_by("starts_on").first()
    if first is not None and matched_on > first.starts_on:
        text = _("An internship at the company began on %(day)s, before this day.")
        raise refuse("matched_on", text % {"day": date_format(first.starts_on)}, "began")
    correct_record(current, fields, by=by, reason=reason)
    return current


@updates_elements(5)
@transaction.atomic
def withdraw_match(match: Match, *, by: User, reason: str, version: int | None = None) -> Course:
    """Delete a match that was recorded in error, with the reason; the history keeps it (D41).

    Refused when a placement rests on it, also a withdrawn one, and when a dialogue led to it: the step is
    taken back there. Idempotent for the same user and reason; another withdrawal is refused, since nothing of
    it would be stored. Returns the course. StaleError when saved since `version`.
    """
    course = locked(match.course)
    current = Match.objects.filter(pk=match.pk).first()
    if current is None:
        _check_same_withdrawal(match, by, reason)
        return course
    ensure_fresh(current, version)
    check_reason(reason, field="withdrawn_reason", words=_("Write why it was entered in error."))
    if Placement.everything.filter(match=current).exists():
        text = _("A placement rests on the match. Correct the match, or the company of the placement.")
        raise ValidationError(text, code="placed")
    if current.dialogues.exists():
        text = _("A dialogue led to the match: take its last step back there.")
        raise ValidationError(text, code="dialogue")
    before = {"matched_on": current.matched_on, "company": current.company}
    record_correction(current, CorrectionAct.WITHDRAWN, by=by, reason=reason, before=before)
    current.delete()
    return course


def _check_same_withdrawal(match: Match, by: User, reason: str) -> None:
    entry = withdrawal_of(match.public_id)
    if entry is not None and (entry.made_by_id, entry.reason) != (by.pk, reason.strip()):
        words = _("%(person)s has marked this as entered in error already, on %(moment)s.")
        raise ValidationError(
            act_in_words(words, entry.made_by, entry.made_at, entry.reason), code="withdrawn"
        )


def withdrawal_of(public_id: uuid.UUID) -> Correction | None:
    """Return the entry of the withdrawal of a match that is deleted since."""
    entries = Correction.objects.filter(label=Match._meta.label_lower, subject=public_id)
    return entries.filter(act=CorrectionAct.WITHDRAWN).select_related("made_by").last()


def withdrawn_match(public_id: uuid.UUID) -> Match | None:
    """Return a match that was withdrawn, as it was last: a copy that is not stored; None for any other."""
    events = Match.events.rel.related_model._default_manager  # type: ignore[attr-defined]  # pghistory
    event = events.filter(public_id=public_id, pgh_label="delete").order_by("pgh_id").last()
    if event is None or withdrawal_of(public_id) is None:
        return None
    fields = {field.attname: getattr(event, field.attname) for field in Match._meta.concrete_fields}
    return Match(**fields)


def match_for_internship(course: Course, company: Company, starts_on: datetime.date) -> Match:
    """Return the match at the company that an internship from that day needs (D14)."""
    match = course.matches.filter(company=company, matched_on__lte=starts_on).first()
    if match is None:
        raise refuse(
            "starts_on", _("An internship starts when a match is recorded: record it first."), "no_match"
        )
    return match
