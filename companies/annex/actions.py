"""Answer the annex, and correct the answers until the meeting has been held (D16, D35, D41)."""

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import TrialTerms, User
from cases.actions.checks import changed, locked, refuse
from cases.actions.corrections import check_reason
from cases.actions.deadlines import updates_deadlines
from cases.models import Course
from companies.actions.placements import current_placement
from companies.annex.engagements import Engagement, engagement_of
from companies.annex.months import months_of
from companies.annex.questions import version_on
from companies.deadlines import annex_missing
from companies.models import AnnexAnswer, AnnexChannel, AnnexParty, AnnexReply, CompanyContact, Placement
from companies.rules.annex import AnnexMonth
from jobfirst.kit.versioned import ensure_fresh
from progression.models import QuestionnaireVersion

#: The answers by the question's code; None is "don't know".
Values = Mapping[str, int | None]


@dataclass(frozen=True)
class Given:
    """How answers came in: by whom, on which day, by which way, and who wrote them down (nobody by link)."""

    on: datetime.date
    channel: AnnexChannel
    by_name: str
    contact: CompanyContact | None = None
    entered_by: User | None = None


@updates_deadlines(annex_missing.KIND.code)
@transaction.atomic
def record_reply(
    placement: Placement,
    party: AnnexParty,
    values: Values,
    given: Given,
    *,
    comment: str = "",
    today: datetime.date,
    submission: uuid.UUID | None = None,
) -> AnnexReply:
    """Record what a party answers to the annex, once for each meeting.

    Refused without a work agreement, outside its days, for a meeting that has been held, and when the party
    has answered already. The same form sent twice makes one reply.
    """
    course = locked(placement.course)
    placement = current_placement(placement)
    placement.course = course
    earlier = AnnexReply.objects.filter(submission=submission).first() if submission else None
    if earlier is not None:
        return earlier
    engagement = _check_engagement(placement, given.on, today)
    month = _check_month(engagement, course, given.on, today)
    if _replies(engagement, month).filter(party=party).exists():
        raise ValidationError(_("This month's questions have been answered already."), code="answered")
    running = engagement.placement_on(given.on)
    return _stored(running, party, values, given, comment=comment.strip(), submission=submission)


def _stored(
    placement: Placement,
    party: AnnexParty,
    values: Values,
    given: Given,
    **content: Any,
) -> AnnexReply:
    """Store a reply to the questions in force on its day."""
    version = version_on(given.on)
    _check_values(version, values)
    reply = AnnexReply.objects.create(
        placement=placement,
        party=party,
        questionnaire_version=version,
        answered_on=given.on,
        channel=given.channel,
        answered_by_name=given.by_name.strip(),
        contact=given.contact,
        entered_by=given.entered_by,
        **content,
    )
    AnnexAnswer.objects.bulk_create(
        AnnexAnswer(reply=reply, question=question, value=values[question.code])
        for question in version.questions.all()
    )
    return reply


def _check_engagement(placement: Placement, day: datetime.date, today: datetime.date) -> Engagement:
    """Return the engagement; refused without one, and on a day outside it or to come."""
    engagement = engagement_of(placement)
    if engagement is None:
        raise ValidationError(_("There is no work agreement for this placement."), code="no_agreement")
    if day not in engagement.days:
        raise refuse("answered_on", _("The day lies outside the days of the work agreement."), "outside")
    if day > today:
        raise refuse("answered_on", _("The day lies in the future."), "future")
    return engagement


def _check_month(
    engagement: Engagement, course: Course, day: datetime.date, today: datetime.date
) -> AnnexMonth:
    """Return the month of the day; refused when its meeting has been held on a day before today."""
    terms = TrialTerms.objects.in_force_or_first(today)
    month = next((row for row in months_of(engagement, course, terms) if day in row.days), None)
    if month is None:
        raise refuse("answered_on", _("The day lies outside the days of the work agreement."), "outside")
    if month.is_held and day != today:
        raise refuse(
            "answered_on", _("The meeting has been held since. Write it in the minutes instead."), "held"
        )
    return month


def _replies(engagement: Engagement, month: AnnexMonth) -> "QuerySet[AnnexReply]":
    """Return what was answered in the month."""
    replies = AnnexReply.objects.filter(
        placement__in=engagement.placements, answered_on__gte=month.days.first
    )
    return replies if month.days.last is None else replies.filter(answered_on__lte=month.days.last)


def _check_values(version: QuestionnaireVersion, values: Values) -> None:
    """Refuse answers that are missing, of other questions, or no step of the scale; and when nothing was
    answered."""
    for question in version.questions.all():
        if question.code not in values:
            raise ValidationError(_("Answer every question."), code="incomplete")
        steps = {step.value for step in question.scale.steps.all()}
        if values[question.code] is not None and values[question.code] not in steps:
            raise ValidationError(_("Choose one of the steps."), code="no_step")
    if all(value is None for value in values.values()):
        raise ValidationError(_("Answer at least one of the questions."), code="nothing")


@transaction.atomic
def correct_reply(
    reply: AnnexReply,
    values: Values,
    *,
    comment: str,
    reason: str,
    version: int | None = None,
) -> AnnexReply:
    """Change answers with the reason, until the meeting has been held; the history keeps the earlier ones.

    Idempotent: the same answers again change nothing. StaleError when somebody else has corrected since.
    """
    course = locked(reply.placement.course)
    reply = AnnexReply.objects.select_related("placement__course", "questionnaire_version").get(pk=reply.pk)
    reply.placement.course = course
    answers = list(reply.answers.select_related("question"))
    is_same = reply.comment == comment.strip()
    if is_same and all(values.get(answer.question.code) == answer.value for answer in answers):
        return reply
    ensure_fresh(reply, version)
    _check_open(reply)
    check_reason(reason, field="correction", words=_("Write why the answers are corrected."))
    _check_values(version_with_questions(reply), values)
    for answer in answers:
        answer.value = values[answer.question.code]
    AnnexAnswer.objects.bulk_update(answers, ["value"])
    changed(
        reply,
        {
            "comment": comment.strip(),
            "correction": reason.strip(),
        },
    )
    return reply


def _check_open(reply: AnnexReply) -> None:
    """Refuse a correction when the meeting that the reply belongs to has been held (D41)."""
    engagement = engagement_of(reply.placement)
    terms = TrialTerms.objects.in_force_or_first(reply.answered_on)
    months = [] if engagement is None else months_of(engagement, reply.course, terms)
    if any(month.is_held for month in months if reply.answered_on in month.days):
        raise ValidationError(
            _("The meeting has been held, and its minutes are closed. Write the correction in the minutes."),
            code="held",
        )


def version_with_questions(reply: AnnexReply) -> QuestionnaireVersion:
    """Return the version of the reply with its questions, scales and steps."""
    versions = QuestionnaireVersion.objects.prefetch_related("questions__scale__steps")
    return versions.get(pk=reply.questionnaire_version_id)
