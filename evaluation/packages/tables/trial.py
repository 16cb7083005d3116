"""Who was drawn for what, what was known before, and what went otherwise afterwards (D1, D4, D59)."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from cases.models.citizen import Benefit, TargetGroup
from evaluation.models import Deviation, DeviationKind
from evaluation.packages.batch import PackageBatch
from evaluation.packages.columns import PackageColumn, PackageRow, PackageTable
from evaluation.rules.baseline import age_on, years_until
from jobfirst.values.cpr import birth_date
from randomization.models import AllocationEvent, Arm, EventKind

CITIZEN = PackageColumn(
    "citizen", "text", _("Pseudonym of the citizen, of this package only"), "B-…", "made for the package"
)
DAY = PackageColumn("day", "integer", _("Days since the citizen's draw"), "days")


def codes(choices: list[str]) -> str:
    """Return the codes of a column, as the codebook writes them."""
    return " | ".join(choices)


def _allocations(batch: PackageBatch) -> Iterator[PackageRow]:
    for citizen, row in batch.allocations.items():
        yield (
            batch.citizen(citizen),
            row.project_slug,
            row.stratum.municipality_id,
            row.stratum.target_group,
            row.stratum.label,
            row.arm,
            f"{row.allocated_on:%Y-%m}",
        )


def _baseline(batch: PackageBatch) -> Iterator[PackageRow]:
    for citizen, row in batch.allocations.items():
        referral = row.referral
        referred = referral.referred_on
        age = age_on(referred, born_on=birth_date(row.citizen.cpr))
        years = years_until(referred, since=referral.public_support_since)
        yield (
            batch.citizen(citizen),
            age,
            referral.benefit,
            round(years, 1),
            referral.activity_ready,
            referral.in_integration_programme,
            (row.allocated_on - referred).days,
        )


def _events(batch: PackageBatch) -> Iterator[PackageRow]:
    events = AllocationEvent.objects.standing().filter(
        allocation__citizen__in=batch.allocations, happened_on__lte=batch.as_of
    )
    for citizen, kind, day in events.values_list("allocation__citizen", "kind", "happened_on"):
        yield batch.citizen(citizen), kind, batch.day(citizen, day)


def _deviations(batch: PackageBatch) -> Iterator[PackageRow]:
    rows = Deviation.objects.filter(
        allocation__citizen__in=batch.allocations, happened_on__lte=batch.as_of
    ).order_by("happened_on", "pk")
    for citizen, kind, day in rows.values_list("allocation__citizen", "kind", "happened_on"):
        yield batch.citizen(citizen), kind, batch.day(citizen, day)


ALLOCATIONS = PackageTable(
    "allocations",
    _("A row for each drawn citizen: where, and for which arm. Everyone as drawn."),
    (
        CITIZEN,
        PackageColumn("project", "text", _("Code of the project"), source="Allocation.project_slug"),
        PackageColumn(
            "municipality_code", "text", _("Code of the municipality"), "0101 …", "Stratum.municipality"
        ),
        PackageColumn(
            "target_group", "text", _("Target group"), codes(TargetGroup.values), "Stratum.target_group"
        ),
        PackageColumn("stratum", "text", _("Stratum of the draw: municipality and target group")),
        PackageColumn("arm", "text", _("The arm that was drawn"), codes(Arm.values), "Allocation.arm"),
        PackageColumn("draw_month", "text", _("Month of the draw"), "YYYY-MM", "Allocation.allocated_on"),
    ),
    _allocations,
)
BASELINE = PackageTable(
    "baseline",
    _("A row for each drawn citizen: what was known at the referral, made coarser."),
    (
        CITIZEN,
        PackageColumn("age_years", "integer", _("Age at the referral, in whole years"), "years"),
        PackageColumn("benefit", "text", _("Benefit"), codes(Benefit.values), "Referral.benefit"),
        PackageColumn(
            "public_support_years",
            "decimal",
            _("Years on public support at the referral, to a tenth"),
            "years",
            "Referral.public_support_since",
        ),
        PackageColumn("activity_ready", "boolean", _("Activity-ready"), source="Referral.activity_ready"),
        PackageColumn(
            "in_integration_programme",
            "boolean",
            _("In the integration programme"),
            source="Referral.in_integration_programme",
        ),
        PackageColumn("days_to_draw", "integer", _("Days from the referral to the draw"), "days"),
    ),
    _baseline,
)
EVENTS = PackageTable(
    "events",
    _("A row for each thing that happened to a citizen after the draw and still stands in the ledger."),
    (
        CITIZEN,
        PackageColumn(
            "kind",
            "text",
            _("What happened to the citizen"),
            codes([kind for kind in EventKind.values if kind != EventKind.TAKEN_BACK]),
            "AllocationEvent.kind",
        ),
        DAY,
    ),
    _events,
)
DEVIATIONS = PackageTable(
    "deviations",
    _("A row for each recorded deviation from the protocol that still stands."),
    (
        CITIZEN,
        PackageColumn("kind", "text", _("what deviated"), codes(DeviationKind.values), "Deviation.kind"),
        DAY,
    ),
    _deviations,
)
