"""Statements that were submitted: written from a draft, and read back as the draft they were (D30).

What is read back comes from the stored rows alone, names included, so that a statement looks the same
whatever has happened to courses, companies, projects and terms since.
"""

import datetime
import hashlib
import json
import uuid
from collections.abc import Mapping

from accounts.models import Project
from grants.models import GrantTerms, LineEntry, Statement, StatementLine, StatementSpell
from grants.reckoning.statement import Account, Adjustment, Approved, Citizen, Draft, Line, ProjectStatement
from grants.rules.values import Spell, UnusedReason, UnusedSpell
from grants.storage import serialization

BATCH = 1000


def content_hash(draft: Draft, slug: str = "") -> str:
    """SHA-256 of everything that decides a payment: of the one project, or of the hashes of several.

    The same reckoning gives the same hash; a spell that was corrected without moving an event does not
    change it. `slug` is what a project was called when its statement was submitted, for comparing with that:
    being called something else is no change.
    """
    hashes = [project_hash(draft, own, slug) for own in draft.projects]
    return hashes[0] if len(hashes) == 1 else _hash(hashes)


def project_hash(draft: Draft, own: ProjectStatement, slug: str = "") -> str:
    """SHA-256 of one project's figures, events and adjustments in the draft; of a submitted one, as kept."""
    if draft.stored:
        return draft.stored.content_hash
    return _hash(
        {
            "project": slug or own.project.slug,
            "year": draft.year,
            "cut_off": draft.cut_off.isoformat(),
            "target_count": own.target_count,
            "ceiling": f"{own.ceiling:.2f}",
            "earned_before": f"{own.earned_before:.2f}",
            "paid_before": f"{own.paid_before:.2f}",
            "events": [_event_content(line) for line in own.lines],
            "adjustments": [
                [item.citizen, item.kind.value, str(item.line_id), str(item.on), f"{item.amount:.2f}"]
                for item in own.adjustments
            ],
        }
    )


def _hash(content: object) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _event_content(line: Line) -> list[str]:
    event = line.event
    return [
        str(line.course_public_id),
        line.citizen,
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


def write(statement: Statement, draft: Draft) -> None:
    """Keep the draft's lines and spells under a statement that is being prepared."""
    (own,) = draft.projects
    terms_ids = dict(GrantTerms.objects.values_list("valid_from", "pk"))
    lines = [_event_row(statement, line, terms_ids) for line in own.lines]
    lines += [_adjustment_row(statement, item) for item in own.adjustments]
    StatementLine.objects.bulk_create(lines, batch_size=BATCH)
    spells = [row for account in own.accounts for row in _spell_rows(statement, account, own.companies)]
    StatementSpell.objects.bulk_create(spells, batch_size=BATCH)


def _event_row(statement: Statement, line: Line, terms_ids: dict[datetime.date, int]) -> StatementLine:
    event = line.event
    return StatementLine(
        statement=statement,
        entry=line.entry,
        course_id=line.who.course_id,
        citizen=line.citizen,
        kind=event.kind.value,
        on=event.on,
        amount=event.amount,
        terms_id=terms_ids[event.terms_valid_from],
        basis=serialization.of_event(event),
    )


def _adjustment_row(statement: Statement, item: Adjustment) -> StatementLine:
    return StatementLine(
        statement=statement,
        entry=LineEntry.ADJUSTMENT,
        course_id=item.who.course_id,
        citizen=item.citizen,
        kind=item.kind.value,
        on=item.on or item.was_on,
        amount=item.amount,
        terms_id=statement.terms_id,
        corrects_id=item.line_id,
        basis=serialization.of_adjustment(item),
    )


def _spell_rows(statement: Statement, account: Account, companies: Mapping[str, str]) -> list[StatementSpell]:
    unused = {item.spell_id: item for item in account.unused}
    rows = []
    for spell in account.spells:
        item = unused.get(spell.id)
        rows.append(
            StatementSpell(
                statement=statement,
                course_id=account.who.course_id,
                placement=spell.id,
                company=spell.company,
                company_name=companies.get(spell.company, ""),
                citizen=account.who.pseudonym,
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


def read(statement: Statement, course_public_id: uuid.UUID | None = None, *, accounts: bool = False) -> Draft:
    """The statement as it was submitted, in the shape of a draft; of one course only when one is named.

    Its project is called what it was called then, and stands in no table.
    """
    lines = statement.lines.select_related("course__citizen", "terms")
    if course_public_id:
        lines = lines.filter(course__public_id=course_public_id)
    found = list(lines)
    previous = statement.previous
    before = None
    if previous:
        before = Approved(statement.paid_before, previous.pk, previous.cut_off, statement.earned_before)
    spells = _spells(statement, course_public_id) if accounts else []
    own = ProjectStatement(
        project=Project(
            pk=statement.project_id,
            slug=statement.project_slug,
            name=statement.project_name,
            target_count=statement.target_count,
        ),
        ceiling=statement.ceiling,
        paid_before=statement.paid_before,
        lines=tuple(_line(row) for row in found if row.entry != LineEntry.ADJUSTMENT),
        adjustments=tuple(_adjustment(row) for row in found if row.entry == LineEntry.ADJUSTMENT),
        before=before,
        accounts=_accounts(spells),
        companies={row.company: row.company_name for row in spells if row.company_name},
        target=statement.target_count,
    )
    return Draft(statement.year, statement.cut_off, statement.terms, (own,), statement)


def _who(row: StatementLine | StatementSpell, pseudonym: str) -> Citizen:
    return Citizen(row.course_id, row.course.public_id, row.course.citizen.public_id, pseudonym)


def _line(row: StatementLine) -> Line:
    event = serialization.event(row.kind, row.on, row.amount, row.terms.valid_from, row.basis)
    return Line(_who(row, row.citizen), event, LineEntry(row.entry))


def _adjustment(row: StatementLine) -> Adjustment:
    assert row.corrects_id is not None
    return serialization.adjustment(_who(row, row.citizen), row.kind, row.corrects_id, row.basis)


def _spells(statement: Statement, course_public_id: uuid.UUID | None) -> list[StatementSpell]:
    rows = statement.spells.select_related("course__citizen")
    return list(rows.filter(course__public_id=course_public_id) if course_public_id else rows)


def _accounts(spells: list[StatementSpell]) -> tuple[Account, ...]:
    courses: dict[int, list[StatementSpell]] = {}
    for row in spells:
        courses.setdefault(row.course_id, []).append(row)
    return tuple(
        Account(
            _who(rows[0], rows[0].citizen),
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
