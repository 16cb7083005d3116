"""Referring a citizen to the trial (D1, D5): assess, store, at most one accepted referral in the trial."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Municipality, ProjectMunicipality, TrialTerms, User
from cases.models import Citizen, Referral
from cases.rules import eligibility
from cases.rules.eligibility import EligibilityAssessment
from jobfirst.database.advisory_locks import LockKey, lock, lock_part
from jobfirst.database.batches import batches
from jobfirst.database.bulk_copy import create_rows
from jobfirst.encryption import crypto
from jobfirst.row_security.context import all_projects
from jobfirst.values import cpr
from jobfirst.values.dates import DateSpan, in_force_or_first

_FACTS = (
    "municipality_code",
    "target_group",
    "benefit",
    "public_support_since",
    "activity_ready",
    "in_integration_programme",
    "referred_on",
)


@dataclass(frozen=True)
class ReferralData:
    """A referral as a form or a file states it. `digits` is a parsed CPR number of ten digits."""

    digits: str = field(repr=False)
    name: str = field(repr=False)
    municipality_code: str
    target_group: str
    benefit: str
    public_support_since: date
    activity_ready: bool
    in_integration_programme: bool
    referred_on: date
    source_id: str = ""

    def facts(self) -> dict[str, object]:
        """Return the values that make two referrals of one citizen equal. The name is left out: spellings
        vary."""
        return {name: getattr(self, name) for name in _FACTS}


def facts_of(referral: Referral) -> dict[str, object]:
    """Return the facts of a stored referral, as `ReferralData.facts`."""
    return {name: getattr(referral, name) for name in _FACTS}


def stated(facts: Mapping[str, object]) -> dict[str, object]:
    """Return facts as they are kept in JSON: days as ISO text."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in facts.items()}


@dataclass(frozen=True)
class ReferralResult:
    """The result of one referral; `created` is False when an equal one was stored already."""

    referral: Referral
    created: bool


def assess_referral(data: ReferralData) -> EligibilityAssessment:
    """Return the assessment that `refer` would give, without storing anything. Takes no lock."""
    return TrialLookup([data]).assess(data)


@all_projects("a citizen is in the trial once, whoever refers her; who is refused may have no project")
@transaction.atomic
def refer(
    data: ReferralData, *, by: User | None = None, submission: uuid.UUID | None = None
) -> ReferralResult:
    """Store a referral with its assessment: accepted, or refused with every reason (D1).

    1. Share the lock that an import takes, and take the citizen's, so that of two simultaneous referrals only
       one can be accepted (D5).
    2. Return the existing referral when the same form (`submission`) or the same facts were stored before.
    3. Assess the facts by the rules and store both.
    """
    lock_citizens_referrals(data.digits)
    if submission is not None:
        earlier = Referral.objects.filter(submission=submission).first()
        if earlier is not None:
            return ReferralResult(earlier, created=False)
    (result,) = _store([data], by=by, submission=submission)
    return result


@all_projects("the number may be known in any project")
def lock_citizens_referrals(digits: str) -> None:
    """Let nobody else refer this citizen, or correct a referral of hers, until the transaction ends.

    Whoever comes with an earlier number of hers (D40) locks the present one as well; nobody who holds the
    present one waits for an earlier one. An import, and the replacement of a number, exclude all others.
    """
    lock(LockKey.REFERRALS, shared=True)
    lookup = crypto.lookup_hash(digits)
    _lock_number(lookup)
    for citizen in Citizen.objects.filter(earlier_numbers__cpr_lookup__in=lookup.all):
        _lock_number(crypto.lookup_hash(citizen.cpr))


def _lock_number(lookup: crypto.LookupHash) -> None:
    """Lock a number. While keys are exchanged, by its hash with each of them: another process may still have
    another one first."""
    for stored in lookup.all:
        lock_part(LockKey.REFERRALS, int.from_bytes(stored[:4], signed=True))


@all_projects("a citizen is in the trial once, whoever refers her")
@transaction.atomic
def refer_all(batch: Sequence[ReferralData], *, by: User | None = None) -> list[ReferralResult]:
    """Refer many citizens, each at most once in `batch`; return the results in the order given.

    Takes the lock of all referrals: no other referral is stored while an import runs.
    """
    lock(LockKey.REFERRALS)
    return _store(batch, by=by)


class TrialLookup:
    """The stored citizens, referrals, municipalities and projects that a batch needs, fetched in a few
    queries."""

    @all_projects("a citizen is in the trial once, whoever refers her")
    def __init__(self, batch: Sequence[ReferralData]) -> None:
        self.lookups = {data.digits: crypto.lookup_hash(data.digits) for data in batch}
        self.citizens: dict[bytes, Citizen] = {}
        self.referrals: dict[int, list[Referral]] = {}
        for cpr_hashes in batches(self.lookups.values()):
            ids = Citizen.objects.by_lookup(cpr_hashes)
            citizens = Citizen.objects.in_bulk(set(ids.values()))
            self.citizens |= {lookup: citizens[pk] for lookup, pk in ids.items()}
            for referral in Referral.objects.filter(citizen__in=citizens).order_by("pk"):
                self.referrals.setdefault(referral.citizen_id, []).append(referral)
        codes = {data.municipality_code for data in batch}
        self.municipalities = Municipality.objects.in_bulk(codes)
        self.projects = {
            place.municipality_id: place.project
            for place in ProjectMunicipality.objects.filter(municipality__in=codes).select_related("project")
        }
        self.terms = list(TrialTerms.objects.all())

    def citizen(self, data: ReferralData) -> Citizen | None:
        return self.citizens.get(self.lookups[data.digits])

    def referrals_of(self, data: ReferralData) -> list[Referral]:
        """Return all referrals of this citizen, in any project."""
        citizen = self.citizen(data)
        return [] if citizen is None else self.referrals.get(citizen.pk, [])

    def equal_referral(self, data: ReferralData) -> Referral | None:
        """Return the stored referral of the same project with equal facts, if any; also one whose facts a
        person has corrected since (D42).

        A referral of another project is never returned, even when the municipality has changed project (D39).
        """
        facts, project = stated(data.facts()), self.projects.get(data.municipality_code)
        for referral in self.referrals_of(data):
            known = (stated(facts_of(referral)), referral.stated_facts)
            if facts in known and referral.project_id == (project.pk if project else None):
                return referral
        return None

    def assess(self, data: ReferralData, *, without: Referral | None = None) -> EligibilityAssessment:
        """Return the assessment of the facts; `without` is the referral itself when it is stored already."""
        project = self.projects.get(data.municipality_code)
        others = [referral for referral in self.referrals_of(data) if referral != without]
        return eligibility.assess(
            eligibility.ReferralFacts(
                born_on=cpr.birth_date(data.digits),
                target_group=eligibility.TargetGroup(data.target_group),
                benefit=eligibility.Benefit(data.benefit),
                public_support_since=data.public_support_since,
                activity_ready=data.activity_ready,
                in_integration_programme=data.in_integration_programme,
                referred_on=data.referred_on,
            ),
            in_force_or_first(self.terms, data.referred_on),
            eligibility.TrialState(
                project=None if project is None else DateSpan(project.starts_on, project.ends_on),
                already_referred=any(referral.state == "accepted" for referral in others),
            ),
        )


def _store(
    batch: Sequence[ReferralData], *, by: User | None = None, submission: uuid.UUID | None = None
) -> list[ReferralResult]:
    """Store the new referrals of the batch; the caller holds the lock."""
    trial = TrialLookup(batch)
    new_citizens = []
    for data in batch:
        citizen = trial.citizen(data)
        if citizen is None:
            citizen = Citizen.new(data.digits)
            trial.citizens[trial.lookups[data.digits]] = citizen
            new_citizens.append(citizen)
    create_rows(new_citizens, _("New citizens"))
    results = []
    for data in batch:
        stored = trial.equal_referral(data)
        referral = stored or _new_referral(trial, data, by, submission)
        results.append(ReferralResult(referral, created=stored is None))
    create_rows([result.referral for result in results if result.created], _("Referrals"))
    return results


def _new_referral(
    trial: TrialLookup, data: ReferralData, by: User | None, submission: uuid.UUID | None
) -> Referral:
    """Return the unsaved referral with its assessment and the name as typed (D39)."""
    assessment = trial.assess(data)
    return Referral(
        citizen=trial.citizens[trial.lookups[data.digits]],
        name=data.name,
        municipality=trial.municipalities.get(data.municipality_code),
        project=trial.projects.get(data.municipality_code),
        referred_by=by,
        submission=submission,
        source_id=data.source_id,
        state="accepted" if assessment.eligible else "refused",
        reasons=[str(reason) for reason in assessment.reasons],
        flags=sorted(str(flag) for flag in assessment.flags),
        **{name: getattr(data, name) for name in _FACTS},
    )
