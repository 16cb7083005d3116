"""Submitted statements: written as rows from a draft, and read back as `SubmittedStatement` (D30).

A statement is read from its own rows only, names included, so that it never changes when courses, companies,
projects or terms do.
"""

import datetime
import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping

from accounts.models import Project
from grants.models import GrantTerms, LineEntry, Statement, StatementLine, StatementSpell
from grants.reckoning.statement import (
    Adjustment,
    CitizenSpells,
    EventLine,
    LatestApproved,
    ProjectStatement,
    StatementCitizen,
    StatementView,
    SubmittedStatement,
)
from grants.rules.values import Spell, UnusedReason, UnusedSpell
from grants.storage import serialization
from jobfirst.database.batches import BATCH


def content_hash(view: StatementView, slug: str = "") -> str:
    """Return the SHA-256 of everything that decides a payment; of several projects, that of their hashes.

    The same reckoning gives the same hash: a corrected spell that moves no event does not change it. `slug`
    replaces the project's, for comparing with a statement submitted before the project was renamed.
    """
    hashes = [project_hash(view, project_statement, slug) for project_statement in view.projects]
    return hashes[0] if len(hashes) == 1 else _hash(hashes)


def project_hash(view: StatementView, project_statement: ProjectStatement, slug: str = "") -> str:
    """Return the SHA-256 of one project's figures, events and adjustments; of a submitted one as stored."""
    if isinstance(view, SubmittedStatement):
        return view.record.content_hash
    return _hash(
        {
            "project": slug or project_statement.project.slug,
            "year": view.year,
            "cut_off": view.cut_off.isoformat(),
            "target_count": project_statement.target_count,
            "ceiling": f"{project_statement.ceiling:.2f}",
            "earned_before": f"{project_statement.earned_before:.2f}",
            # Paid or not yet: a payment registered meanwhile moves kroner between the two only.
            "paid_before": f"{project_statement.approved_before:.2f}",
            "events": [_event_content(line) for line in project_statement.lines],
            "adjustments": [
                [item.pseudonym, item.kind.value, str(item.line_id), str(item.on), f"{item.amount:.2f}"]
                for item in project_statement.adjustments
            ],
        }
    )


#: The keys of `approved_figures`.
APPROVED_FIGURES = ("project", "project_name", "year", "cut_off", "figures", "events", "adjustments")


def approved_figures(view: SubmittedStatement) -> dict[str, object]:
    """Return the figures, events and adjustments of a submitted statement as plain values, in order."""
    (item,) = view.projects
    record = view.record
    amounts = (
        "ceiling",
        "earned_before",
        "earned_to_date",
        "paid_before",
        "approved_unpaid",
        "payable",
        "paid",
    )
    return {
        "project": record.project_slug,
        "project_name": record.project_name,
        "year": record.year,
        "cut_off": record.cut_off.isoformat(),
        "figures": {
            "target_count": record.target_count,
            "starts": record.starts,
            "completions": record.completions,
            **{name: f"{getattr(record, name):.2f}" for name in amounts},
        },
        "events": sorted(_event_content(line) for line in item.lines),
        "adjustments": sorted(
            [row.pseudonym, row.kind.value, str(row.was_on), str(row.on), f"{row.was:.2f}", f"{row.now:.2f}"]
            for row in item.adjustments
        ),
    }


def _hash(content: object) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _event_content(line: EventLine) -> list[str]:
    event = line.event
    return [
        str(line.course_public_id),
        line.pseudonym,
        line.entry.value,
        event.kind.value,
        event.on.isoformat(),
        f"{event.amount:.2f}",
        event.terms_valid_from.isoformat(),
        event.company,
        event.counted_from.isoformat(),
        str(event.counted_days),
        str(event.bridged_days),
    ]


def write(statement: Statement, draft: StatementView) -> None:
    """Write the draft's lines and spells as rows of a statement that is being prepared."""
    (project_statement,) = draft.projects
    terms_ids = dict(GrantTerms.objects.values_list("valid_from", "pk"))
    companies = project_statement.companies
    lines = [_event_row(statement, line, terms_ids, companies) for line in project_statement.lines]
    lines += [_adjustment_row(statement, item) for item in project_statement.adjustments]
    StatementLine.objects.bulk_create(lines, batch_size=BATCH)
    spells = [
        row
        for citizen_spells in project_statement.spells_by_citizen
        for row in _spell_rows(statement, citizen_spells, project_statement.companies)
    ]
    StatementSpell.objects.bulk_create(spells, batch_size=BATCH)


def _event_row(
    statement: Statement, line: EventLine, terms_ids: dict[datetime.date, int], companies: Mapping[str, str]
) -> StatementLine:
    """Return the row of an event; with copies of the names of companies that took over another one."""
    event = line.event
    names = {item.successor: companies.get(item.successor, "") for item in event.crossed}
    return StatementLine(
        statement=statement,
        entry=line.entry,
        course_id=line.citizen.course_id,
        citizen=line.pseudonym,
        kind=event.kind.value,
        on=event.on,
        amount=event.amount,
        terms_id=terms_ids[event.terms_valid_from],
        basis=serialization.of_event(event) | ({"names": names} if names else {}),
    )


def _adjustment_row(statement: Statement, item: Adjustment) -> StatementLine:
    return StatementLine(
        statement=statement,
        entry=LineEntry.ADJUSTMENT,
        course_id=item.citizen.course_id,
        citizen=item.pseudonym,
        kind=item.kind.value,
        on=item.on or item.was_on,
        amount=item.amount,
        terms_id=statement.terms_id,
        corrects_id=item.line_id,
        basis=serialization.of_adjustment(item),
    )


def _spell_rows(
    statement: Statement, citizen_spells: CitizenSpells, companies: Mapping[str, str]
) -> list[StatementSpell]:
    unused = {item.spell_id: item for item in citizen_spells.unused}
    rows = []
    for spell in citizen_spells.spells:
        item = unused.get(spell.id)
        rows.append(
            StatementSpell(
                statement=statement,
                course_id=citizen_spells.citizen.course_id,
                placement=spell.id,
                company=spell.company,
                company_name=companies.get(spell.company, ""),
                citizen=citizen_spells.citizen.pseudonym,
                kind=spell.kind,
                starts_on=spell.starts_on,
                planned_end_on=spell.planned_end_on,
                ended_on=spell.ended_on,
                reason=item.reason.value if item else "",
                counted_days=item.counted_days if item else 0,
                needed_days=item.needed_days if item else 0,
            )
        )
    return rows


def read(
    statement: Statement, course_public_id: uuid.UUID | None = None, *, with_spells: bool = False
) -> SubmittedStatement:
    """Return the statement as it was submitted; of one course only when its id is given.

    The project in it is an unsaved instance with the slug, name and target count of the submission.
    """
    line_rows = statement.lines.select_related("course__citizen", "terms")
    if course_public_id:
        line_rows = line_rows.filter(course__public_id=course_public_id)
    spell_rows = _fetch_spells(statement, course_public_id) if with_spells else []
    project_statement = ProjectStatement(
        project=Project(
            pk=statement.project_id,
            slug=statement.project_slug,
            name=statement.project_name,
            target_count=statement.target_count,
        ),
        ceiling=statement.ceiling,
        paid_before=statement.paid_before,
        approved_unpaid=statement.approved_unpaid,
        lines=tuple(_line(row) for row in line_rows if row.entry != LineEntry.ADJUSTMENT),
        adjustments=tuple(_adjustment(row) for row in line_rows if row.entry == LineEntry.ADJUSTMENT),
        latest_approved=_latest_approved(statement),
        spells_by_citizen=_spells_by_citizen(spell_rows),
        companies=_company_names(line_rows, spell_rows),
        target=statement.target_count,
    )
    return SubmittedStatement(
        statement.year, statement.cut_off, statement.terms, (project_statement,), statement
    )


def _company_names(lines: Iterable[StatementLine], spells: Iterable[StatementSpell]) -> dict[str, str]:
    """Return the names that were stored with the spells, and with the events that crossed a take-over."""
    names = {cvr: name for row in lines for cvr, name in row.basis.get("names", {}).items() if name}
    return names | {row.company: row.company_name for row in spells if row.company_name}


def _latest_approved(statement: Statement) -> LatestApproved | None:
    previous = statement.previous
    if previous is None:
        return None
    approved = statement.paid_before + statement.approved_unpaid
    return LatestApproved(approved, previous.pk, previous.cut_off, statement.earned_before)


def _citizen(row: StatementLine | StatementSpell) -> StatementCitizen:
    return StatementCitizen(row.course_id, row.course.public_id, row.course.citizen.public_id, row.citizen)


def _line(row: StatementLine) -> EventLine:
    event = serialization.event(row.kind, row.on, row.amount, row.terms.valid_from, row.basis)
    return EventLine(_citizen(row), event, LineEntry(row.entry))


def _adjustment(row: StatementLine) -> Adjustment:
    assert row.corrects_id is not None
    return serialization.adjustment(_citizen(row), row.kind, row.corrects_id, row.basis)


def _fetch_spells(statement: Statement, course_public_id: uuid.UUID | None) -> list[StatementSpell]:
    rows = statement.spells.select_related("course__citizen")
    return list(rows.filter(course__public_id=course_public_id) if course_public_id else rows)


def _spells_by_citizen(spell_rows: list[StatementSpell]) -> tuple[CitizenSpells, ...]:
    courses: dict[int, list[StatementSpell]] = {}
    for row in spell_rows:
        courses.setdefault(row.course_id, []).append(row)
    return tuple(
        CitizenSpells(
            _citizen(rows[0]),
            tuple(_spell(row) for row in rows),
            tuple(
                UnusedSpell(row.placement, UnusedReason(row.reason), row.counted_days, row.needed_days)
                for row in rows
                if row.reason
            ),
        )
        for rows in courses.values()
    )


def _spell(row: StatementSpell) -> Spell:
    return Spell(row.placement, row.company, row.kind, row.starts_on, row.planned_end_on, row.ended_on)
