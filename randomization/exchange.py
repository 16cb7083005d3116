"""The ledger out of the house: what the commands, the agency's page and an outsider read (FORMATS).

Citizens appear by pseudonym. `verify_draw.py` reads the JSON documents.
"""

import datetime
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Municipality, Project
from jobfirst import mode
from jobfirst.exchange import Table
from jobfirst.exchange.writing import csv_text
from randomization import blocks, chain
from randomization.commitments import SPECIFICATION_SHA256
from randomization.models import Allocation, AllocationEvent, Commitment, Stratum, TargetGroupCount

DRAWN_KEYS = (
    "sequence",
    "citizen",
    "project",
    "municipality_code",
    "target_group",
    "arm",
    "allocated_on",
)
TARGET_GROUP_COLUMNS = ("municipality_code", "as_of", "resource_programme", "activity_ready")
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
    """What FORMATS says of a drawn citizen. Needs `stratum`."""
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
    """`drawn_row`, and what a third party needs to verify it."""
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
    """The whole ledger, or a project's part of it, in order."""
    rows = Allocation.objects.select_related("stratum").order_by("sequence")
    return list(rows.filter(project=project) if project else rows)


def ledger_document(rows: Iterable[Allocation], project: Project | None = None) -> dict[str, Any]:
    """The ledger as one JSON document; `project` says that the rows are that project's part."""
    return {
        **({"project": project.slug} if project else {}),
        **published_document(),
        "drawn": [ledger_row(row) for row in rows],
        "events": [event_row(event) for event in _events(project)],
    }


def event_row(event: AllocationEvent) -> dict[str, Any]:
    """A correction as it is published: its reason by its hash alone. Needs `allocation`."""
    return {
        "number": event.number,
        "sequence": event.allocation.sequence,
        "kind": event.kind,
        "happened_on": event.happened_on.isoformat(),
        "recorded_at": chain.timestamp(event.recorded_at),
        "reason_hash": event.event.reason_hash.hex(),
        "previous_hash": bytes(event.previous_hash).hex(),
        "row_hash": bytes(event.row_hash).hex(),
    }


def _events(project: Project | None) -> Iterable[AllocationEvent]:
    events = AllocationEvent.objects.select_related("allocation").order_by("number")
    return events.filter(allocation__project=project) if project else events


def ledger_csv(rows: Iterable[Allocation]) -> str:
    """The ledger as CSV: one line a row, the steps of the path joined by `+`."""
    rehearsal = str(mode.is_rehearsal()).lower()
    lines = []
    for row in rows:
        values = ledger_row(row)
        values["path"] = "+".join(values["path"])
        values["root"] = bytes(row.stratum.root).hex()
        values["rehearsal"] = rehearsal
        lines.append([values[column] for column in LEDGER_COLUMNS])
    return csv_text(LEDGER_COLUMNS, lines)


def published_document() -> dict[str, Any]:
    """What is published: the specification, the shares' hashes, the strata's roots and the ledger's head."""
    head = Allocation.objects.order_by("-sequence").values_list("sequence", "row_hash").first()
    return {
        "specification": blocks.SPECIFICATION,
        "specification_sha256": SPECIFICATION_SHA256,
        "rehearsal": mode.is_rehearsal(),
        "commitments": [
            {
                "id": one.pk,
                "agency_share_hash": bytes(one.agency_share_hash).hex(),
                "operator_share_hash": bytes(one.operator_share_hash).hex(),
                "specification_sha256": one.specification,
                "demo_seed": one.demo_seed,
                "published_at": chain.timestamp(one.published_at),
            }
            for one in Commitment.objects.order_by("pk")
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
        "head": {
            "sequence": head[0] if head else 0,
            "row_hash": (bytes(head[1]) if head else chain.START).hex(),
        },
    }


def import_target_groups(table: Table) -> dict[str, int]:
    """Save the municipalities' own target groups (D4); BadFile with every bad row otherwise.

    Says how many were `created`, `updated` and `unchanged`; the same file twice changes nothing.
    """
    places = Municipality.objects.exclude(place=None)
    codes = dict(places.values_list("code", "code"))
    seen: set[tuple[str, datetime.date | None]] = set()
    lines: list[tuple[Any, ...]] = []
    for row in table:
        code, as_of = row.text("municipality_code", longest=4), row.date("as_of")
        counts = [row.integer(name, lowest=0, highest=1_000_000) for name in TARGET_GROUP_COLUMNS[2:]]
        if code and code not in codes:
            row.fail("municipality_code", _("is not a municipality of the trial"))
        if (code, as_of) in seen:
            row.fail("as_of", _("this municipality and day stand in the file already"))
        if counts == [0, 0]:
            row.fail("activity_ready", _("at least one of the target groups must have somebody in it"))
        seen.add((code, as_of))
        lines.append((code, as_of, *counts))
    table.raise_errors()
    done = Counter(enter_count(*line) for line in lines)
    return {name: done[name] for name in ("created", "updated", "unchanged")}


def enter_count(code: str, as_of: Any, resource_programme: Any, activity_ready: Any) -> str:
    """Save one municipality's count on a day; says whether it was created, updated or unchanged."""
    values = {"resource_programme": resource_programme, "activity_ready": activity_ready}
    with transaction.atomic():
        count, created = TargetGroupCount.objects.select_for_update().get_or_create(
            municipality_id=code, as_of=as_of, defaults=values
        )
        if created:
            return "created"
        if all(getattr(count, name) == value for name, value in values.items()):
            return "unchanged"
        for name, value in values.items():
            setattr(count, name, value)
        count.save()
        return "updated"
