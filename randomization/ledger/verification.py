"""The operator's check of the whole draw, with the secrets at hand, and what may be revealed of them."""

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
from randomization.ledger.verify_draw import Difference, verify
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


def verify_ledger(shares: Shares, project: Project | None = None) -> list[Difference]:
    """Derive every allocation again and compare; every difference, by sequence number.

    Checks the chain, the commitments, the lists, the claims, and that exactly the participants have
    courses. `project` looks at that project's rows alone.
    """
    rows = export.ledger_rows(project)
    secrets, differences = _secrets(shares)
    differences += verify(export.ledger_document(rows, project), secrets=secrets)
    differences += _against_the_cases(rows, project)
    return sorted(differences, key=lambda found: (found.sequence is None, found.sequence or 0))


def _secrets(shares: Shares) -> tuple[dict[str, Any], list[Difference]]:
    """The keys of all strata, and the shares that are not the published ones."""
    keys, wrong = [], set()
    for stratum in Stratum.objects.select_related("commitment"):
        try:
            key = shares_of(stratum.commitment, shares).key(stratum.label)
        except WrongShare as refusal:
            wrong.add(refusal.holder)
            continue
        keys.append({"label": stratum.label, "key": key.hex()})
    return {"strata": keys}, [Difference("share", None, holder) for holder in sorted(wrong)]


def message(difference: Difference) -> str:
    """The difference in the reader's language, without its sequence number."""
    return str(MESSAGES[difference.code]) % {"detail": difference.detail}


def pending(project: Project | None = None) -> int:
    """How many claims wait for their second step; the next draw finishes them."""
    claims = Claim.objects.filter(allocation=None)
    return (claims.filter(project=project) if project else claims).count()


def closed_keys(shares: Shares, today: datetime.date) -> dict[str, Any]:
    """The keys of strata that will never draw again: enrolment closed and nothing claimed is open.

    A published key lets anybody make that stratum's list again, and says nothing of the others. DrawRefused
    when the shares at hand are not the published ones.
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


def _against_the_cases(rows: list[Allocation], project: Project | None) -> Iterator[Difference]:
    """The ledger against the claims and the courses beside it."""
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
            yield Difference("claim", row.sequence)
        if (row.arm == Arm.PARTICIPANT) != (row.citizen_id in citizens):
            yield Difference("no_course" if row.arm == Arm.PARTICIPANT else "course", row.sequence)
    if citizens - {row.citizen_id for row in rows}:
        yield Difference("course")
