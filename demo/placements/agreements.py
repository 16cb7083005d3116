"""The work agreements of the demo and their signatures, in every status (D15, D37, D45, D47)."""

import datetime
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

from django.utils import timezone

from cases.models import CourseFunction
from cases.models.signature import SigningMethod, content_hash
from companies.actions import agreements
from companies.models import (
    AgreementDecline,
    AgreementHours,
    AgreementParty,
    AgreementSeal,
    AgreementSignature,
    AgreementState,
    CompanyContact,
    Placement,
    WorkAgreement,
)
from companies.rules.weekly_schedule import WorkPeriod
from companies.signing.sealing import canonical_text
from demo.courses.documents import agreement_content
from demo.courses.thoroughness import SHARE, is_thorough
from demo.invented import random_uuid
from jobfirst.values.dates import DAY

if TYPE_CHECKING:
    from demo.courses.history import CourseHistory

# The weekly hours of every agreement.
DEMO_WEEK = [
    WorkPeriod(1, datetime.time(9), datetime.time(14), "internship"),
    WorkPeriod(3, datetime.time(9), datetime.time(14), "internship"),
    WorkPeriod(4, datetime.time(9), datetime.time(11), "ordinary"),
]
#: What has become of an agreement whose placement still runs, by the twelfth of the courses it belongs to.
#: All others are signed by all.
NONE_YET, DRAFT, NOBODY_YET, CITIZEN_ONLY, DECLINED = range(1, 6)
NEW_VERSION = (6, 7, 8)
SIGNED_IN_PART = {
    DRAFT: (),
    NOBODY_YET: (),
    CITIZEN_ONLY: (AgreementParty.CITIZEN,),
    DECLINED: (AgreementParty.CITIZEN,),
}
DRAWING = "M20 80L40 40L60 90L80 50L110 70L150 60"


def add_agreement(history: "CourseHistory", placement: Placement, contact: CompanyContact) -> None:
    """Add the work agreement; one internship in twelve has begun without (D47)."""
    if _fate(history) == NONE_YET:
        return
    content = agreement_content(history.rng, history.job)
    copies = agreements.copied(
        placement,
        contact,
        DEMO_WEEK,
        made_on=placement.starts_on,
        staff=history.staff(),
        annex=history.annex,
    )
    content = {**content, **copies, "ends_on": placement.planned_end_on}  # the end as agreed
    first = history.add(_version(history, None, content, placement, placement.starts_on))
    history.rows[AgreementHours] += _week(first)
    changed_on = placement.starts_on + 14 * DAY
    if _is_open(history, placement) and _fate(history) in NEW_VERSION and changed_on < history.on:
        more = {"tasks": f"{content['tasks']} Åbner selv om fredagen.", "valid_from": changed_on + 7 * DAY}
        amendment = _version(history, first, {**content, **more}, placement, changed_on)
        amendment.public_id = random_uuid(history.rng)
        history.amendments.append(amendment)


def _version(
    history: "CourseHistory",
    latest: WorkAgreement | None,
    content: dict[str, object],
    placement: Placement,
    made_on: datetime.date,
) -> WorkAgreement:
    return WorkAgreement.next_version(
        latest,
        content,
        made_on=made_on,
        by=history.people[CourseFunction.JOB_CONSULTANT],
        placement=placement,
    )


def _week(agreement: WorkAgreement) -> list[AgreementHours]:
    return [AgreementHours(agreement=agreement, **asdict(line)) for line in DEMO_WEEK]


def _fate(history: "CourseHistory") -> int:
    # Independent of `is_thorough`, which takes the remainder.
    return int(history.course.referral.public_id.int // SHARE % 12)


def _is_open(history: "CourseHistory", placement: Placement) -> bool:
    """Whether something is still to be done about the agreement: the placement runs, and the course is not
    one of those that are to be without fault."""
    runs = placement.ended_on is None and (placement.last_day or history.on) >= history.on
    return runs and not is_thorough(history.course)


def stays_draft(history: "CourseHistory", agreement: WorkAgreement) -> bool:
    """Whether nobody is asked to sign the agreement: its rows are drafts until `sign_agreements`."""
    return _is_open(history, agreement.placement) and _fate(history) == DRAFT


def sign_agreements(histories: Iterable["CourseHistory"]) -> None:
    """Put the saved agreements up for signing, and store their signatures, seals and refusals.

    Amendments are saved when the first versions are signed: a placement has one unsigned version at a time.
    """
    histories = list(histories)
    _sign([(history, first) for history in histories for first in history.rows[WorkAgreement]])
    amended = [(history, amendment) for history in histories for amendment in history.amendments]
    WorkAgreement.objects.bulk_create([amendment for _history, amendment in amended])
    AgreementHours.objects.bulk_create([line for _history, amendment in amended for line in _week(amendment)])
    _sign(amended)


def _sign(agreements_made: Iterable[tuple["CourseHistory", WorkAgreement]]) -> None:
    """Put the versions up, and sign them by party, since the jobcentre signs last."""
    signed = []
    for history, agreement in agreements_made:
        signed += _put_up(history, agreement)
    for party in AgreementParty:
        AgreementSignature.objects.bulk_create([row for row in signed if row.party == party])
    of_all = [row.agreement for row in signed if row.party == AgreementParty.JOBCENTRE]
    _seal(of_all, {row.agreement_id: row.signed_at for row in signed})


def _put_up(history: "CourseHistory", agreement: WorkAgreement) -> list[AgreementSignature]:
    """Let a version await its signatures, and return those that it gets, unsaved."""
    rows = WorkAgreement.objects.filter(pk=agreement.pk)
    parties: tuple[AgreementParty, ...] = tuple(AgreementParty)
    if stays_draft(history, agreement):
        return []
    if _is_open(history, agreement.placement):
        fate = _fate(history)
        parties = SIGNED_IN_PART.get(fate, parties) if agreement.number == 1 else parties[:1]
        if fate == DECLINED:
            rows.update(state=AgreementState.AWAITING)
            AgreementSignature.objects.bulk_create(_signature(history, agreement, party) for party in parties)
            _decline(history, agreement)
            return []
    rows.update(state=AgreementState.AWAITING)
    return [_signature(history, agreement, party) for party in parties]


def _decline(history: "CourseHistory", agreement: WorkAgreement) -> None:
    AgreementDecline.objects.create(
        agreement=agreement,
        party=AgreementParty.COMPANY,
        reason="Vi kan ikke have en ny kollega om mandagen. Kan det blive tirsdag?",
        declined_at=_moment(agreement.made_on, 15),
        is_by_link=True,
    )
    WorkAgreement.objects.filter(pk=agreement.pk).update(state=AgreementState.DECLINED)


def _moment(day: datetime.date, hour: int) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour, 20)))


def _signature(
    history: "CourseHistory", agreement: WorkAgreement, party: AgreementParty
) -> AgreementSignature:
    """Return the party's signature: the citizen's on the mentor's phone, the company's by link."""
    content = agreement.sealed_content()
    mentor = history.people[CourseFunction.MENTOR]
    consultant = history.people[CourseFunction.JOB_CONSULTANT]
    how = {
        AgreementParty.CITIZEN: {
            "method": SigningMethod.DRAWN,
            "name": agreement.citizen_name,
            "drawing": DRAWING,
            "recorded_by": mentor,
            "recorded_by_name": str(mentor),
        },
        AgreementParty.COMPANY: {
            "method": SigningMethod.NAME,
            "name": agreement.company_contact_name,
            "is_by_link": True,
        },
        AgreementParty.JOBCENTRE: {
            "method": SigningMethod.SIGNED_IN,
            "name": str(consultant),
            "recorded_by": consultant,
            "recorded_by_name": str(consultant),
        },
    }[party]
    hour = 9 + list(AgreementParty).index(party)
    return AgreementSignature(
        agreement=agreement,
        party=party,
        content=content,
        content_hash=content_hash(content),
        signed_at=_moment(agreement.made_on, hour),
        **how,
    )


def _seal(agreements_signed: Iterable[WorkAgreement], moments: dict[int, datetime.datetime]) -> None:
    """Store the seals; their PDFs are made by the worker, or when somebody asks for one."""
    seals = []
    for agreement in agreements_signed:
        text = canonical_text(agreement)
        at = moments[agreement.pk]
        seals.append(
            AgreementSeal(
                agreement=agreement,
                canonical=text,
                sha256=content_hash(text),
                sealed_at=at,
                sealed_on=timezone.localdate(at),
            )
        )
    AgreementSeal.objects.bulk_create(seals)
    sealed = [seal.agreement_id for seal in seals]
    WorkAgreement.objects.filter(pk__in=sealed).update(state=AgreementState.SIGNED)
