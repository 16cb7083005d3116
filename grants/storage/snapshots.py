"""Snapshots of drafts as they were shown: canonical JSON, stored once by its SHA-256, and read back (D30).

The content holds everything that a page or file of a draft shows. Read back it is a `StatementView`, from
which the same tables, files and explanations are made. `SnapshotKind` says how much is stored: of an overview
the figures, of all projects their events, of one project every spell.
"""

import datetime
import hashlib
import json
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.models import Project, User
from grants.models import GrantTerms, LineEntry, Showing, ShowingChannel, Snapshot, SnapshotKind
from grants.models.snapshot import SHORT
from grants.reckoning.figures import EARNED_TO_DATE, FIGURES, PAYABLE, StatementFigure
from grants.reckoning.overview import ProjectFigures
from grants.reckoning.statement import (
    AnsweredDoubt,
    AnswerGiven,
    CitizenSpells,
    EventLine,
    LatestApproved,
    ProjectStatement,
    StatementCitizen,
    StatementView,
)
from grants.rules.doubts import Doubt, DoubtAbout, DoubtKind
from grants.rules.values import GrantEventKind, Spell, UnusedReason, UnusedSpell
from grants.storage import serialization
from jobfirst.row_security.context import all_projects

FORMAT = 1
TERMS_DAYS = ("valid_from",)
TERMS_AMOUNTS = ("start_amount", "completion_amount", "ceiling_share")
TERMS_PLAIN = (
    "completion_days",
    "tolerance_days",
    "bridge_non_working_days",
    "counting_kinds",
    "own_choices",
)

_day = datetime.date.fromisoformat


def _optional_day(text: str | None) -> datetime.date | None:
    return _day(text) if text else None


def canonical(content: dict[str, Any]) -> str:
    """Return the canonical JSON of the content: keys sorted, no white space."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def dump(view: StatementView, kind: SnapshotKind) -> dict[str, Any]:
    """Return all that is shown of the draft as plain data. Money is a string, days are ISO dates."""
    terms = view.terms
    return {
        "format": FORMAT,
        "kind": kind.value,
        "year": view.year,
        "cut_off": view.cut_off.isoformat(),
        "scheme": {
            **{name: getattr(terms, name).isoformat() for name in TERMS_DAYS},
            **{name: str(getattr(terms, name)) for name in TERMS_AMOUNTS},
            **{name: getattr(terms, name) for name in TERMS_PLAIN},
        },
        "projects": [_dump_project(item, kind) for item in view.projects],
    }


def _dump_project(item: ProjectStatement, kind: SnapshotKind) -> dict[str, Any]:
    figures = _dump_figures(item)
    return figures if kind == SnapshotKind.OVERVIEW else figures | _dump_events(item)


def _dump_figures(item: ProjectStatement) -> dict[str, Any]:
    figures = {
        "id": item.project.pk,
        "slug": item.project.slug,
        "name": item.project.name,
        **{figure.name: _plain(figure, item) for figure in FIGURES},
        "before": _dump_approved(item.latest_approved),
    }
    if item.approved_until:
        figures["approved_until"] = item.approved_until.isoformat()
    return figures


def _dump_events(item: ProjectStatement) -> dict[str, Any]:
    numbers: dict[StatementCitizen, int] = {}

    def number(citizen: StatementCitizen) -> int:
        """Return the citizen's number in this content."""
        return numbers.setdefault(citizen, len(numbers))

    lines = [{"citizen": number(line.citizen), **_dump_line(line)} for line in item.lines]
    adjustments = [
        {
            "citizen": number(row.citizen),
            "kind": row.kind.value,
            "line": row.line_id,
            "basis": serialization.of_adjustment(row),
        }
        for row in item.adjustments
    ]
    spells_by_citizen = [
        {"citizen": number(citizen_spells.citizen), "spells": _dump_spells(citizen_spells)}
        for citizen_spells in item.spells_by_citizen
    ]
    doubts = [{"citizen": number(doubt.citizen), **dump_doubt(doubt)} for doubt in item.doubts]
    citizens = [
        {
            "course": citizen.course_id,
            "course_public_id": str(citizen.course_public_id),
            "public_id": str(citizen.public_id),
            "pseudonym": citizen.pseudonym,
        }
        for citizen in numbers
    ]
    return {
        "citizens": citizens,
        "lines": lines,
        "adjustments": adjustments,
        "accounts": spells_by_citizen,
        "companies": dict(item.companies),
        "doubts": doubts,
    }


def dump_doubt(row: AnsweredDoubt) -> dict[str, Any]:
    """Return a doubt with its answer as plain data, without the citizen."""
    doubt, about, answer = row.doubt, row.doubt.about, row.answer
    return {
        "kind": about.kind.value,
        "placement": doubt.placement_id,
        "company": row.company,
        "events": [kind.value for kind in doubt.events],
        "day": about.day.isoformat(),
        "days": about.days,
        "no_show": about.no_show,
        "answer": None
        if answer is None
        else {"text": answer.text, "name": answer.name, "at": answer.at.isoformat()},
    }


def load_doubt(row: dict[str, Any], citizen: StatementCitizen) -> AnsweredDoubt:
    """Return the doubt that `dump_doubt` wrote."""
    about = DoubtAbout(DoubtKind(row["kind"]), _day(row["day"]), row["days"], row["no_show"])
    doubt = Doubt(about, row["placement"], tuple(GrantEventKind(kind) for kind in row["events"]))
    data = row["answer"]
    answer = data and AnswerGiven(data["text"], data["name"], datetime.datetime.fromisoformat(data["at"]))
    return AnsweredDoubt(citizen, doubt, row["company"], answer)


def _dump_line(line: EventLine) -> dict[str, Any]:
    return {
        "entry": line.entry.value,
        "kind": line.event.kind.value,
        "on": line.event.on.isoformat(),
        "amount": _kroner(line.event.amount),
        "terms": line.event.terms_valid_from.isoformat(),
        "basis": serialization.of_event(line.event),
    }


def _kroner(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _plain(figure: StatementFigure, statement: ProjectStatement) -> str | int:
    value = figure.of(statement)
    return _kroner(value) if isinstance(value, Decimal) else value


def _dump_approved(approved: LatestApproved | None) -> dict[str, Any] | None:
    if approved is None:
        return None
    return {
        "paid": _kroner(approved.paid),
        "statement": approved.statement_id,
        "cut_off": approved.cut_off.isoformat(),
        "earned": _kroner(approved.earned),
    }


def _dump_spells(citizen_spells: CitizenSpells) -> list[dict[str, Any]]:
    unused = {item.spell_id: item for item in citizen_spells.unused}
    return [_dump_spell(spell, unused.get(spell.id)) for spell in citizen_spells.spells]


def _dump_spell(spell: Spell, unused: UnusedSpell | None) -> dict[str, Any]:
    return {
        "id": spell.id,
        "company": spell.company,
        "kind": spell.kind,
        "starts_on": spell.starts_on.isoformat(),
        "planned_end_on": spell.planned_end_on.isoformat() if spell.planned_end_on else None,
        "ended_on": spell.ended_on.isoformat() if spell.ended_on else None,
        "unused": None
        if unused is None
        else {
            "reason": unused.reason.value,
            "counted_days": unused.counted_days,
            "needed_days": unused.needed_days,
        },
    }


def load(content: dict[str, Any]) -> StatementView:
    """Return the draft as it was shown. Its project and terms are unsaved instances, as they were then."""
    terms = content["scheme"]
    return StatementView(
        year=content["year"],
        cut_off=_day(content["cut_off"]),
        terms=GrantTerms(
            **{name: _day(terms[name]) for name in TERMS_DAYS},
            **{name: Decimal(terms[name]) for name in TERMS_AMOUNTS},
            **{name: terms[name] for name in TERMS_PLAIN},
        ),
        projects=tuple(_load_project(row, content["kind"]) for row in content["projects"]),
    )


def _load_project(row: dict[str, Any], kind: str) -> ProjectStatement:
    fields: dict[str, Any] = {
        "project": Project(
            pk=row["id"], slug=row["slug"], name=row["name"], target_count=row["target_count"]
        ),
        "target": row["target_count"],
        "ceiling": Decimal(row["ceiling"]),
        "paid_before": Decimal(row["paid_before"]),
        "approved_unpaid": Decimal(row.get("approved_unpaid", 0)),  # older content has no such figure
        "latest_approved": _load_approved(row["before"]),
        "approved_until": _day(row["approved_until"]) if "approved_until" in row else None,
    }
    if kind == SnapshotKind.OVERVIEW:
        return ProjectFigures(
            **fields,
            lines=(),
            counted_starts=row["starts"],
            counted_completions=row["completions"],
            counted_sum=Decimal(row["earned_to_date"]),
        )
    citizens = [_load_citizen(citizen) for citizen in row["citizens"]]
    return ProjectStatement(
        **fields,
        lines=tuple(_load_line(line, citizens[line["citizen"]]) for line in row["lines"]),
        adjustments=tuple(
            serialization.adjustment(citizens[item["citizen"]], item["kind"], item["line"], item["basis"])
            for item in row["adjustments"]
        ),
        spells_by_citizen=tuple(
            _load_citizen_spells(item["spells"], citizens[item["citizen"]]) for item in row["accounts"]
        ),
        companies=row["companies"],
        doubts=tuple(load_doubt(item, citizens[item["citizen"]]) for item in row.get("doubts", ())),
    )


def _load_citizen(row: dict[str, Any]) -> StatementCitizen:
    ids = uuid.UUID(row["course_public_id"]), uuid.UUID(row["public_id"])
    return StatementCitizen(row["course"], *ids, row["pseudonym"])


def _load_approved(row: dict[str, Any] | None) -> LatestApproved | None:
    if row is None:
        return None
    return LatestApproved(
        Decimal(row["paid"]), row["statement"], _day(row["cut_off"]), Decimal(row["earned"])
    )


def _load_line(row: dict[str, Any], citizen: StatementCitizen) -> EventLine:
    event = serialization.event(
        row["kind"], _day(row["on"]), Decimal(row["amount"]), _day(row["terms"]), row["basis"]
    )
    return EventLine(citizen, event, LineEntry(row["entry"]))


def _load_citizen_spells(rows: list[dict[str, Any]], citizen: StatementCitizen) -> CitizenSpells:
    spells, unused = [], []
    for row in rows:
        planned_end_on, ended_on = _optional_day(row["planned_end_on"]), _optional_day(row["ended_on"])
        starts_on = _day(row["starts_on"])
        spells.append(Spell(row["id"], row["company"], row["kind"], starts_on, planned_end_on, ended_on))
        if unused_data := row["unused"]:
            unused.append(
                UnusedSpell(
                    row["id"],
                    UnusedReason(unused_data["reason"]),
                    unused_data["counted_days"],
                    unused_data["needed_days"],
                )
            )
    return CitizenSpells(citizen, tuple(spells), tuple(unused))


@dataclass(frozen=True, slots=True)
class SnapshotRef:
    """A reference to a saved snapshot, for the page that is being shown. `short` is the short hash."""

    id: int
    public_id: uuid.UUID
    short: str


# One statement, so that saving costs a page one query. A row that another transaction is inserting is waited
# for and found by the second attempt.
SAVE = """
WITH inserted AS (
    INSERT INTO grants_snapshot (public_id, sha256, kind, project_id, projects, year, cut_off,
                                 earned_to_date, payable, content, first_shown_at)
    SELECT %(public_id)s, %(sha256)s, %(kind)s, %(project)s, %(projects)s, %(year)s, %(cut_off)s,
           %(earned_to_date)s, %(payable)s, %(content)s, %(at)s
    WHERE NOT EXISTS (SELECT 1 FROM grants_snapshot WHERE sha256 = %(sha256)s)
    ON CONFLICT (sha256) DO NOTHING
    RETURNING id, public_id
), snapshot AS (
    SELECT id, public_id FROM inserted
    UNION ALL SELECT id, public_id FROM grants_snapshot WHERE sha256 = %(sha256)s
), showing AS (
    INSERT INTO grants_showing (snapshot_id, user_id, way, "on", at)
    SELECT id, %(user)s, %(channel)s, %(on)s, %(at)s FROM snapshot WHERE %(channel)s <> ''
    ON CONFLICT DO NOTHING
)
SELECT id, public_id FROM snapshot
"""


@all_projects("one statement writes a snapshot and its showing, whose wall asks for the snapshot")
def save(
    view: StatementView,
    kind: SnapshotKind,
    channel: ShowingChannel | None,
    user: User | None,
    at: datetime.datetime,
) -> SnapshotRef:
    """Save what is about to be shown to `user` (None: the operator's command), and that it is shown.

    Called before anything is rendered, so that nothing is shown unsaved. Idempotent: the same content is
    stored once, the same showing once a day. Without a `channel` the content is saved and not yet shown.
    """
    content = canonical(dump(view, kind))
    sha256 = hashlib.sha256(content.encode()).hexdigest()
    values: dict[str, Any] = {
        "public_id": uuid.uuid4(),
        "sha256": sha256,
        "kind": kind.value,
        "project": view.projects[0].project.pk if kind == SnapshotKind.PROJECT else None,
        "projects": [item.project.pk for item in view.projects],
        "year": view.year,
        "cut_off": view.cut_off,
        "earned_to_date": view.total(EARNED_TO_DATE),
        "payable": view.total(PAYABLE),
        "content": content,
        "user": user.pk if user else None,
        "channel": channel.value if channel else "",
        "on": timezone.localdate(at),
        "at": at,
    }
    row = None
    with connection.cursor() as cursor:
        while row is None:
            cursor.execute(SAVE, values)
            row = cursor.fetchone()
    snapshot_id, public_id = row
    return SnapshotRef(snapshot_id, public_id, sha256[:SHORT])


def record_showing(snapshot_id: int, channel: ShowingChannel, user: User, at: datetime.datetime) -> None:
    """Record that a saved snapshot was shown to `user`. Idempotent within a day."""
    on = timezone.localdate(at)
    showing = Showing(snapshot_id=snapshot_id, user=user, way=channel, on=on, at=at)
    Showing.objects.bulk_create([showing], ignore_conflicts=True)


def read(snapshot: Snapshot) -> StatementView:
    """Return the draft as it was shown."""
    return load(json.loads(snapshot.content))
