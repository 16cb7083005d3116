"""Corrections of a referral (D39, D41): its name at any time, its facts and whether it stands until the draw.

Whoever corrects, and the draw, lock the row of the referral before they read it: a correction at the time of
a draw is either drawn as corrected or refused.
"""

import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases import extension_points
from cases.actions.checks import changed, refuse
from cases.actions.corrections import check_reason
from cases.actions.referral import ReferralData, TrialLookup, facts_of, lock_citizens_referrals, stated
from cases.models import CaseCorrection, CorrectionKind, Referral, ReferralState
from cases.rules.eligibility import EligibilityAssessment
from jobfirst.kit.versioned import ensure_fresh


@transaction.atomic
def correct_name(
    referral: Referral,
    *,
    name: str,
    reason: str,
    by: User | None = None,
    version: int | None = None,
    submission: uuid.UUID | None = None,
) -> Referral:
    """Correct the citizen's name as the referral's project registered it, drawn or not (D39).

    What other projects typed stays, and so do documents that hold a copy. Idempotent.
    """
    referral = locked_referral(referral)
    if CaseCorrection.submitted(submission):
        return referral
    ensure_fresh(referral, version)
    if referral.name == name:
        return referral
    check_reason(reason)
    change = {"field": "name", "before": referral.name, "after": name}
    changed(referral, {"name": name})
    record(referral, CorrectionKind.NAME, reason, by, changes=[change], submission=submission)
    return referral


@transaction.atomic
def correct_referral(
    referral: Referral,
    data: ReferralData,
    *,
    reason: str,
    by: User | None = None,
    version: int | None = None,
    submission: uuid.UUID | None = None,
) -> Referral:
    """Correct the facts of a referral that is not drawn; its eligibility is assessed anew (D41).

    `data` has the citizen's number and name as they are. The municipality stays within the project: another
    project refers for itself. Refused when the referral is drawn or taken back. Idempotent.
    """
    lock_citizens_referrals(referral.citizen.cpr)
    referral = locked_referral(referral)
    if CaseCorrection.submitted(submission):
        return referral
    ensure_fresh(referral, version)
    check_correctable(referral)
    if referral.state == ReferralState.WITHDRAWN:
        raise ValidationError(_("The referral is taken back. Let it stand again first."), code="withdrawn")
    lookup = TrialLookup([data])
    project = lookup.projects.get(data.municipality_code)
    if (project.pk if project else None) != referral.project_id:
        raise refuse("municipality", _("Choose a municipality of the same project."), "other_project")
    stated_facts = referral.stated_facts or stated(facts_of(referral))
    save_corrected(
        referral, data, lookup, reason=reason, by=by, stated_facts=stated_facts, submission=submission
    )
    return referral


def save_corrected(
    referral: Referral,
    data: ReferralData,
    lookup: TrialLookup,
    *,
    reason: str,
    by: User | None,
    stated_facts: Mapping[str, object] | None,
    submission: uuid.UUID | None = None,
) -> None:
    """Save corrected facts with the assessment they give, and the entry; nothing when nothing changes.

    `stated_facts` are what the source said last, None while no person has corrected it. Needs the locks of
    the citizen and of the row.
    """
    before, facts = facts_of(referral), data.facts()
    answer = _answer(lookup.assess(data, without=referral))
    if before == facts and all(getattr(referral, name) == value for name, value in answer.items()):
        return
    check_reason(reason)
    changes = _differences(before | {"state": referral.state}, facts | {"state": answer["state"]})
    fields = {**facts, **answer, "municipality": lookup.municipalities.get(data.municipality_code)}
    changed(referral, fields | {"stated_facts": stated_facts})
    record(referral, CorrectionKind.FACTS, reason, by, changes=changes, submission=submission)


@transaction.atomic
def withdraw_referral(
    referral: Referral,
    *,
    reason: str,
    by: User | None = None,
    version: int | None = None,
    submission: uuid.UUID | None = None,
) -> Referral:
    """Take back a referral that is not drawn: it stays with the reason, and takes no part in the draw (D41).

    The citizen may be referred again, here or elsewhere. Idempotent.
    """
    lock_citizens_referrals(referral.citizen.cpr)
    referral = locked_referral(referral)
    if CaseCorrection.submitted(submission):
        return referral
    ensure_fresh(referral, version)
    if referral.state == ReferralState.WITHDRAWN:
        return referral
    check_correctable(referral)
    check_reason(reason)
    changes = _differences({"state": referral.state}, {"state": ReferralState.WITHDRAWN.value})
    changed(referral, {"state": ReferralState.WITHDRAWN, "reasons": [], "flags": []})
    record(referral, CorrectionKind.WITHDRAWN, reason, by, changes=changes, submission=submission)
    return referral


@transaction.atomic
def restore_referral(
    referral: Referral,
    *,
    reason: str,
    by: User | None = None,
    version: int | None = None,
    submission: uuid.UUID | None = None,
) -> Referral:
    """Let a referral stand again that was taken back; its eligibility is assessed anew (D41). Idempotent.

    It is refused as "already in the trial" when the citizen was referred again meanwhile (D5).
    """
    lock_citizens_referrals(referral.citizen.cpr)
    referral = locked_referral(referral)
    if CaseCorrection.submitted(submission):
        return referral
    ensure_fresh(referral, version)
    if referral.state != ReferralState.WITHDRAWN:
        return referral
    check_reason(reason)
    answer = reassess(referral)
    changes = _differences({"state": ReferralState.WITHDRAWN.value}, {"state": answer["state"]})
    changed(referral, answer)
    record(referral, CorrectionKind.STANDS_AGAIN, reason, by, changes=changes, submission=submission)
    return referral


def data_of(referral: Referral) -> ReferralData:
    """Return a stored referral as it would be stated now: with the citizen's present number."""
    facts: dict[str, Any] = facts_of(referral)
    return ReferralData(digits=referral.citizen.cpr, name=referral.name, **facts)


def reassess(referral: Referral) -> dict[str, Any]:
    """Return state, reasons and flags that the facts of a referral give now. Needs the citizen's lock."""
    data = data_of(referral)
    return _answer(TrialLookup([data]).assess(data, without=referral))


def locked_referral(referral: Referral) -> Referral:
    """Return the current referral with its citizen, its row locked until the transaction ends.

    ValidationError when the citizen has been erased meanwhile.
    """
    (row,) = locked_referrals([referral.pk])
    if row.citizen.erased_on is not None:
        raise ValidationError(_("The citizen has been erased."))
    return row


def locked_referrals(ids: Iterable[int]) -> list[Referral]:
    """Return the current referrals with their citizens, the rows locked in order of their ids.

    The draw locks them in the same way before it claims their slots.
    """
    rows = Referral.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids)
    return list(rows.select_related("citizen", "project", "municipality").order_by("pk"))


def is_drawn(referral: Referral) -> bool:
    """Whether the referral is drawn. Final only under the row's lock."""
    return referral.pk in extension_points.drawn_among([referral.pk])


def check_correctable(referral: Referral) -> None:
    """Refuse a correction of the facts of a drawn referral (D5, D41)."""
    if is_drawn(referral):
        text = _(
            "The citizen has been drawn: the referral stays as it was drawn. Record what was wrong there."
        )
        raise ValidationError(text, code="drawn")


def record(
    referral: Referral,
    kind: CorrectionKind,
    reason: str,
    by: User | None,
    *,
    changes: Iterable[Mapping[str, object]] = (),
    effects: Iterable[Mapping[str, object]] = (),
    submission: uuid.UUID | None = None,
) -> CaseCorrection:
    """Store the entry of a correction, which the pages of referral and course show."""
    entry: CaseCorrection = CaseCorrection.objects.create(
        referral=referral,
        kind=kind,
        reason=reason.strip(),
        changes=list(changes),
        effects=list(effects),
        made_by=by,
        submission=submission,
    )
    return entry


def _answer(assessment: EligibilityAssessment) -> dict[str, Any]:
    """Return the fields that an assessment gives a referral."""
    return {
        "state": "accepted" if assessment.eligible else "refused",
        "reasons": [str(reason) for reason in assessment.reasons],
        "flags": sorted(str(flag) for flag in assessment.flags),
    }


def _differences(before: Mapping[str, object], after: Mapping[str, object]) -> list[dict[str, object]]:
    """Return the fields that differ, with both values as JSON keeps them."""
    return [
        {"field": name, "before": _plain(before[name]), "after": _plain(value)}
        for name, value in after.items()
        if before[name] != value
    ]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
