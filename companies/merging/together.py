"""Moves the rows of one company to another one, and makes one of two where only one can be."""

from typing import Any

from companies.extension_points import moving_rows
from companies.merging.changes import Change, ChangeLog
from companies.merging.dialogues import settle_dialogues
from companies.merging.rows import (
    paired_acquaintances,
    paired_dialogues,
    paired_matches,
    paired_workplaces,
    rows_at,
)
from companies.merging.take_overs import move_take_overs
from companies.models import (
    Company,
    CompanyAcquaintance,
    CompanyCall,
    CompanyContact,
    CompanyNote,
    Dialogue,
    DialogueEntry,
    JobOpening,
    Match,
    Placement,
    Workplace,
)


def put_together(duplicate: Company, remaining: Company) -> list[Change]:
    """Move every row of the duplicate to the company that remains; return what was done, in order.

    1. Workplaces; one that both have by P-number is closed at the duplicate.
    2. Dialogues; the steps of two with one citizen become those of the older one.
    3. Placements and openings, with their workplaces and matches.
    4. Matches; of two with one citizen the older one stays.
    5. What projects keep of the company themselves, and the rows of other apps.
    6. The take-overs that the duplicate has a part in.
    """
    log = ChangeLog()
    same_workplaces = paired_workplaces(duplicate, remaining)
    for workplace in rows_at(Workplace, duplicate):
        if workplace.pk in same_workplaces:
            log.change(workplace, is_closed=True)
        else:
            log.change(workplace, company_id=remaining.pk)
    workplaces = {pk: workplace.pk for pk, workplace in same_workplaces.items()}
    combined = _move_dialogues(log, duplicate, remaining, workplaces)
    _move_placements(log, duplicate, remaining, workplaces)
    for opening in rows_at(JobOpening, duplicate):
        workplace_id = workplaces.get(opening.workplace_id, opening.workplace_id)
        log.change(opening, company_id=remaining.pk, workplace_id=workplace_id)
    for pair in paired_acquaintances(duplicate, remaining):
        log.remove(pair.removed)
    for project_model in (CompanyContact, CompanyNote, CompanyCall, CompanyAcquaintance):
        for row in rows_at(project_model, duplicate):
            log.change(row, company_id=remaining.pk)
    for model in moving_rows():
        for row in rows_at(model, duplicate):
            log.change(row, **_moved(row, remaining, workplaces))
    move_take_overs(log, duplicate, remaining)
    settle_dialogues(combined)
    return log.changes


def _moved(row: Any, remaining: Company, workplaces: dict[int, int]) -> dict[str, int | None]:
    """Return the keys that a row of another app gets."""
    keys: dict[str, int | None] = {"company_id": remaining.pk}
    if hasattr(row, "workplace_id"):
        keys["workplace_id"] = workplaces.get(row.workplace_id, row.workplace_id)
    return keys


def _move_dialogues(
    log: ChangeLog, duplicate: Company, remaining: Company, workplaces: dict[int, int]
) -> list[int]:
    """Move the dialogues; return the ids of those that got the steps of another one."""
    pairs = paired_dialogues(duplicate, remaining)
    for pair in pairs:
        for entry in DialogueEntry.objects.filter(dialogue=pair.removed).order_by("pk"):
            log.change(entry, dialogue_id=pair.stays.pk)
        log.remove(pair.removed)
    for dialogue in rows_at(Dialogue, duplicate):
        workplace_id = workplaces.get(dialogue.workplace_id, dialogue.workplace_id)
        log.change(dialogue, company_id=remaining.pk, workplace_id=workplace_id)
    return [pair.stays.pk for pair in pairs]


def _move_placements(
    log: ChangeLog, duplicate: Company, remaining: Company, workplaces: dict[int, int]
) -> None:
    """Move placements and matches; `workplaces` are ids that become others."""
    pairs = paired_matches(duplicate, remaining)
    matches = {pair.removed.pk: pair.stays.pk for pair in pairs}
    for company in (duplicate, remaining):
        for placement in rows_at(Placement, company):
            log.change(
                placement,
                company_id=remaining.pk,
                workplace_id=workplaces.get(placement.workplace_id, placement.workplace_id),
                match_id=matches.get(placement.match_id, placement.match_id),
            )
    for pair in pairs:
        Dialogue.objects.filter(match=pair.removed).update(match=pair.stays)
        log.remove(pair.removed)
    for match in rows_at(Match, duplicate):
        log.change(match, company_id=remaining.pk)
