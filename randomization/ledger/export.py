"""The ledger as JSON and CSV, for the commands, the agency's page and outsiders (docs/randomization.md).

Citizens appear by pseudonym. `verify_draw.py` reads the JSON documents.
"""

from collections.abc import Iterable
from typing import Any

from accounts.models import Project
from jobfirst import mode
from jobfirst.exchange.writing import csv_file, csv_text
from jobfirst.row_security.context import all_projects
from randomization.draw import blocks
from randomization.draw.commitments import SPECIFICATION_SHA256
from randomization.ledger import chain
from randomization.models import Allocation, AllocationEvent, Commitment, Stratum

DRAWN_KEYS = (
    "sequence",
    "citizen",
    "project",
    "municipality_code",
    "target_group",
    "arm",
    "allocated_on",
)
LEDGER_COLUMNS = (
    *DRAWN_KEYS,
    "slot",
    "drawn_at",
    "nonce",
    "path",
    "root",
    "previous_hash",
    "row_hash",
    "rehearsal",
)


def drawn_row(row: Allocation) -> dict[str, Any]:
    """Return the keys of a drawn citizen in the JSON of `draw` (`DRAWN_KEYS`). Needs `stratum`."""
    return {
        "sequence": row.sequence,
        "citizen": row.pseudonym,
        "project": row.project_slug,
        "municipality_code": row.stratum.municipality_id,
        "target_group": row.stratum.target_group,
        "arm": row.arm,
        "allocated_on": row.allocated_on.isoformat(),
    }


def ledger_row(row: Allocation) -> dict[str, Any]:
    """Return `drawn_row` with the keys that a third party needs to verify it. Needs `stratum`."""
    return {
        **drawn_row(row),
        "slot": row.slot,
        "drawn_at": chain.timestamp(row.drawn_at),
        "nonce": bytes(row.nonce).hex(),
        "path": [bytes(step).hex() for step in row.path],
        "previous_hash": bytes(row.previous_hash).hex(),
        "row_hash": bytes(row.row_hash).hex(),
    }


def ledger_rows(project: Project | None = None) -> list[Allocation]:
    """Return the rows of the whole ledger, or of a project, in order."""
    rows = Allocation.objects.select_related("stratum").order_by("sequence")
    return list(rows.filter(project=project) if project else rows)


def ledger_document(rows: Iterable[Allocation], project: Project | None = None) -> dict[str, Any]:
    """Return the ledger as one JSON document; `project` is named when the rows are that project's alone."""
    return {
        **({"project": project.slug} if project else {}),
        **published_document(),
        "drawn": [ledger_row(row) for row in rows],
        "events": [event_row(event) for event in _events(project)],
    }


def event_row(event: AllocationEvent) -> dict[str, Any]:
    """Return a correction as it is published, with the hash of its reason. Needs `allocation`."""
    return {
        "number": event.number,
        "sequence": event.allocation.sequence,
        "kind": event.kind,
        "happened_on": event.happened_on.isoformat(),
        "recorded_at": chain.timestamp(event.recorded_at),
        "reason_hash": event.sealed_values.reason_hash.hex(),
        "previous_hash": bytes(event.previous_hash).hex(),
        "row_hash": bytes(event.row_hash).hex(),
    }


def _events(project: Project | None) -> Iterable[AllocationEvent]:
    events = AllocationEvent.objects.select_related("allocation").order_by("number")
    return events.filter(allocation__project=project) if project else events


def ledger_csv(rows: Iterable[Allocation]) -> str:
    """Return the ledger as CSV: a line for each row, the hashes of the path joined by `+`."""
    return csv_text(LEDGER_COLUMNS, _ledger_lines(rows))


def ledger_csv_file(rows: Iterable[Allocation]) -> bytes:
    """Return the table of `ledger_csv` as a file that a Danish Excel opens."""
    return csv_file(LEDGER_COLUMNS, _ledger_lines(rows))


def _ledger_lines(rows: Iterable[Allocation]) -> list[list[Any]]:
    rehearsal = str(mode.is_rehearsal()).lower()
    lines = []
    for row in rows:
        values = ledger_row(row)
        values["path"] = "+".join(values["path"])
        values["root"] = bytes(row.stratum.root).hex()
        values["rehearsal"] = rehearsal
        lines.append([values[column] for column in LEDGER_COLUMNS])
    return lines


@all_projects("the ledger is one chain of all projects; nobody is named")
def ledger_head() -> dict[str, Any]:
    """Return the number and the hash of the ledger's last row; 0 before the first draw."""
    head = Allocation.objects.order_by("-sequence").first()
    return {
        "sequence": head.sequence if head else 0,
        "row_hash": (bytes(head.row_hash) if head else chain.START).hex(),
    }


@all_projects("the ledger is one chain of all projects; nobody is named")
def published_document() -> dict[str, Any]:
    """Return what is published: specification, hashes of the shares, roots of the strata, ledger's head."""
    return {
        "specification": blocks.SPECIFICATION,
        "specification_sha256": SPECIFICATION_SHA256,
        "rehearsal": mode.is_rehearsal(),
        "commitments": [
            {
                "id": commitment.pk,
                "agency_share_hash": bytes(commitment.agency_share_hash).hex(),
                "operator_share_hash": bytes(commitment.operator_share_hash).hex(),
                "specification_sha256": commitment.specification,
                "demo_seed": commitment.demo_seed,
                "published_at": chain.timestamp(commitment.published_at),
            }
            for commitment in Commitment.objects.order_by("pk")
        ],
        "strata": [
            {
                "label": stratum.label,
                "commitment": stratum.commitment_id,
                "capacity": stratum.capacity,
                "root": bytes(stratum.root).hex(),
            }
            for stratum in Stratum.objects.all()
        ],
        "head": ledger_head(),
    }
