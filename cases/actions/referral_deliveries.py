"""Referrals of a file: new ones, and corrections of referrals that are not drawn yet (D41, D42)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from cases import extension_points
from cases.actions.checks import changed
from cases.actions.referral import (
    ReferralData,
    ReferralResult,
    TrialLookup,
    facts_of,
    refer_all,
    stated,
)
from cases.actions.referral_corrections import locked_referrals, save_corrected
from cases.models import CorrectionKind, Referral, ReferralState
from cases.rules.deliveries import DeliveredChange, delivered_change
from jobfirst.database.advisory_locks import LockKey, lock
from jobfirst.row_security.context import all_projects


@dataclass
class DeliveredReferrals:
    """What became of the referrals of a file, by their places in it.

    `results` has what each row is now. Of these `corrected` are stored referrals that the row corrected, and
    those in `contradicted`, with the column, contradict what a person has entered: not applied.
    """

    results: dict[int, ReferralResult] = field(default_factory=dict)
    corrected: set[int] = field(default_factory=set)
    contradicted: list[tuple[int, str]] = field(default_factory=list)


@all_projects("a citizen is in the trial once, whoever refers her")
@transaction.atomic
def deliver_referrals(batch: Sequence[ReferralData], *, by: User | None = None) -> DeliveredReferrals:
    """Refer the citizens of a file, each at most once in `batch`.

    1. A row with the project, the citizen and the `source_id`, or the day, of a stored referral that is not
       drawn is that referral: its other facts are corrections, and the eligibility is assessed anew (D41).
       What a person has corrected since the file said it stays; one that a person took back stays so (D42).
    2. All other rows are referred (`refer_all`): stored as new, or the equal one that is there.
    3. A referral without an id takes on that of its row.
    """
    lock(LockKey.REFERRALS)
    delivered = DeliveredReferrals()
    trial = TrialLookup(batch)
    known = {
        place: referral
        for place, data in enumerate(batch)
        if (referral := _same_referral(trial, data)) is not None
    }
    current = _not_drawn({referral.pk for referral in known.values()})
    for place, referral in known.items():
        if referral.pk in current:
            delivered.results[place] = ReferralResult(current[referral.pk], created=False)
            change = _change_of(batch[place], current[referral.pk])
            delivered.contradicted += [(place, name) for name in change.contradicted]
            if not change.contradicted and _correct(batch[place], current[referral.pk], change, by):
                delivered.corrected.add(place)
    left = [place for place in range(len(batch)) if place not in delivered.results]
    for place, result in zip(left, refer_all([batch[place] for place in left], by=by), strict=True):
        delivered.results[place] = result
    for place, data in enumerate(batch):
        _take_on_source_id(delivered.results[place].referral, data.source_id)
    return delivered


def _take_on_source_id(referral: Referral, source_id: str) -> None:
    """Store the id by which the row is known from now on."""
    if source_id and not referral.source_id:
        referral.source_id = source_id
        Referral.objects.filter(pk=referral.pk).update(source_id=source_id)


def _same_referral(trial: TrialLookup, data: ReferralData) -> Referral | None:
    """Return the stored referral of the citizen by the same project, with other facts: that with the row's
    `source_id`, or of the same day."""
    if not trial.referrals_of(data) or trial.equal_referral(data) is not None:
        return None
    project = trial.projects.get(data.municipality_code)
    for referral in reversed(trial.referrals_of(data)):
        is_refused = referral.state == ReferralState.REFUSED
        if project is not None and referral.project_id == project.pk and not is_refused:
            has_id = data.source_id != "" and referral.source_id == data.source_id
            is_of_day = referral.referred_on == data.referred_on
            return referral if has_id or is_of_day or _is_earlier_state(data, referral) else None
    return None


def _is_earlier_state(data: ReferralData, referral: Referral) -> bool:
    """Whether a row without an id has a day that a referral had before it was corrected and taken back.

    Such a row is of an older file: it refers nobody anew (D42). Another day does.
    """
    if data.source_id or referral.state != ReferralState.WITHDRAWN:
        return False
    return any(
        change["field"] == "referred_on" and change["before"] == data.referred_on.isoformat()
        for entry in referral.corrections.filter(kind=CorrectionKind.FACTS)
        for change in entry.changes
    )


def _not_drawn(ids: set[int]) -> dict[int, Referral]:
    """Lock the referrals and return those that are not drawn."""
    if not ids:
        return {}
    rows = {referral.pk: referral for referral in locked_referrals(ids)}
    drawn = extension_points.drawn_among(list(rows))
    return {pk: referral for pk, referral in rows.items() if pk not in drawn}


def _change_of(data: ReferralData, referral: Referral) -> DeliveredChange:
    """Return what a row changes of a referral, and what of it contradicts a person (D42)."""
    if referral.state == ReferralState.WITHDRAWN:
        return DeliveredChange({}, ["referred_on"])
    stored = stated(facts_of(referral))
    before = referral.stated_facts or stored
    return delivered_change(_texts(stated(data.facts())), _texts(stored), _texts(before))


def _correct(data: ReferralData, referral: Referral, change: DeliveredChange, by: User | None) -> bool:
    """Correct a referral as the row says; return whether anything changes."""
    is_corrected_by_hand = referral.stated_facts is not None
    stated_facts = stated(data.facts()) if is_corrected_by_hand else None
    if not change.values:
        changed(referral, {"stated_facts": stated_facts})
        return False
    facts: dict[str, Any] = {
        name: value if name in change.values else getattr(referral, name)
        for name, value in data.facts().items()
    }
    with translation.override(settings.LANGUAGE_CODE):
        reason = _("Corrected by a delivered file")
    corrected = ReferralData(digits=data.digits, name=referral.name, **facts)
    # The municipality may be a person's, of which the file says nothing.
    lookup = TrialLookup([corrected])
    save_corrected(referral, corrected, lookup, reason=reason, by=by, stated_facts=stated_facts)
    return True


def _texts(facts: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in facts.items()}
