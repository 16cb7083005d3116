"""The operator's verification of the draw with both shares, and the keys that may be revealed."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Project
from cases.models import Course
from randomization.draw.enrolment import last_days_of_draw
from randomization.draw.refusal import WrongShare
from randomization.draw.shares import Shares
from randomization.draw.strata import shares_of
from randomization.ledger import export
from randomization.ledger.verify_draw import LedgerDifference, verify
from randomization.models import Allocation, Arm, Claim, Stratum

MESSAGES = {
    "malformed": _("the ledger is not of the expected form (%(detail)s)"),
    "specification": _("drawn by another specification"),
    "sequence": _("the sequence is not 1, 2, 3 … without a gap"),
    "chain": _("the hash of the row before is another one"),
    "row": _("the row's values do not give its hash"),
    "head": _("the head of the ledger is not the last row"),
    "citizen": _("the citizen is drawn more than once"),
    "slot": _("the slots of %(detail)s are not 1, 2, 3 … without a gap"),
    "stratum": _("%(detail)s is not among the published strata"),
    "opening": _("arm, slot and nonce do not lead to the published root of %(detail)s"),
    "event": _("correction %(detail)s does not continue the chain of corrections"),
    "published": _("%(detail)s is not what was published"),
    "root": _("the shares give another list of %(detail)s than the published root"),
    "arm": _("the shares give another arm for this slot of %(detail)s"),
    "share": _("the %(detail)s share is not the one whose hash was published"),
    "claim": _("the row is not what was claimed"),
    "no_course": _("a participant without a course"),
    "course": _("a control citizen with a course, or a course without a draw"),
}


def verify_ledger(
    shares: Shares, project: Project | None = None, published: dict[str, Any] | None = None
) -> list[LedgerDifference]:
    """Derive every allocation again and return every difference, by sequence number.

    Checks the chain, the commitments, the lists, the claims, and that exactly the participants have
    courses. With `project`, only that project's rows. `published` is a document that was kept outside
    (`publish_commitments`); without it nothing outside this system is compared.
    """
    rows = export.ledger_rows(project)
    secrets, differences = _derive_secrets(shares)
    differences += verify(export.ledger_document(rows, project), published, secrets)
    differences += _compare_with_cases(rows, project)
    return sorted(differences, key=lambda difference: (difference.sequence is None, difference.sequence or 0))


def _derive_secrets(shares: Shares) -> tuple[dict[str, Any], list[LedgerDifference]]:
    """Return the keys of all strata, and a difference for each share that is not the published one."""
    keys, wrong_holders = [], set()
    for stratum in Stratum.objects.select_related("commitment"):
        try:
            key = shares_of(stratum.commitment, shares).key(stratum.label)
        except WrongShare as refusal:
            wrong_holders.add(refusal.holder)
            continue
        keys.append({"label": stratum.label, "key": key.hex()})
    return {"strata": keys}, [LedgerDifference("share", None, holder) for holder in sorted(wrong_holders)]


def message(difference: LedgerDifference) -> str:
    """Return the difference in the active language, without its sequence number."""
    return str(MESSAGES[difference.code]) % {"detail": difference.detail}


def count_pending_claims(project: Project | None = None) -> int:
    """Return how many claims are not revealed yet; the next draw reveals them."""
    claims = Claim.objects.filter(allocation=None)
    return (claims.filter(project=project) if project else claims).count()


def closed_keys(shares: Shares, today: datetime.date) -> dict[str, Any]:
    """Return the keys of strata that will never draw again: enrolment is closed, and no claim is pending.

    Anybody can derive a stratum's list from its published key, and no other list. DrawRefused when the
    given shares are not the published ones.
    """
    last_days = last_days_of_draw(Project.objects.all())
    closed = [project_id for project_id, last_day in last_days.items() if last_day < today]
    strata = (
        Stratum.objects.filter(municipality__place__project__in=closed)
        .exclude(pk__in=Claim.objects.filter(allocation=None).values("stratum"))
        .select_related("commitment")
    )
    return {
        "strata": [
            {
                "label": stratum.label,
                "key": shares_of(stratum.commitment, shares).key(stratum.label).hex(),
            }
            for stratum in strata
        ]
    }


def _compare_with_cases(rows: list[Allocation], project: Project | None) -> Iterator[LedgerDifference]:
    """Yield the differences between the ledger and the claims and courses."""
    claims = {claim.pk: claim for claim in Claim.objects.all()}
    courses = Course.objects.all()
    courses = courses.filter(project=project) if project else courses
    citizens = set(courses.values_list("citizen_id", flat=True))
    for row in rows:
        claim = claims[row.claim_id]
        if (row.referral_id, row.citizen_id, row.stratum_id, row.slot, row.allocated_on) != (
            claim.referral_id,
            claim.citizen_id,
            claim.stratum_id,
            claim.slot,
            claim.claimed_on,
        ):
            yield LedgerDifference("claim", row.sequence)
        if (row.arm == Arm.PARTICIPANT) != (row.citizen_id in citizens):
            yield LedgerDifference("no_course" if row.arm == Arm.PARTICIPANT else "course", row.sequence)
    if citizens - {row.citizen_id for row in rows}:
        yield LedgerDifference("course")
