"""`erase [--on DATE] [--dry-run]`: erase what the rules and two persons say is to go (docs/formats.md)."""

import datetime
import json
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Project
from audit.access import record_shown
from audit.chain.sealing import seal
from jobfirst import clock, mode, progress
from jobfirst.database.owner import as_owner
from jobfirst.exchange.rows import iso_day
from jobfirst.row_security.context import all_projects
from rights.erasure.carrying_out import ErasureOutcome, carry_out
from rights.erasure.due import rules_on
from rights.erasure.everything import all_due
from rights.erasure.lists import ListError
from rights.erasure.replay import replay
from rights.erasure.subjects import DueSubject
from rights.models import (
    BULK_KINDS,
    CITIZEN_KINDS,
    ErasureItem,
    ErasureRun,
    ItemState,
    RetentionKind,
    RunState,
)


class Command(BaseCommand):
    """Lists what is due; erases only what is on lists that two persons approved in the browser.

    Exit code 1 when `--on` is no day, or is given in a real system without `--dry-run`, or when the list of
    erasures outside the database cannot be written, or names what is not erased here.
    """

    help = "Erase what the rules of retention say is to go, once two persons have approved it in the browser."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", metavar="DATE", help="the day, as 2021-03-01 (default: today)")
        parser.add_argument("--dry-run", action="store_true", help="only list what is to go")
        parser.add_argument(
            "--replay",
            action="store_true",
            help="erase again, in a restored system, whom the list outside the database names",
        )
        parser.add_argument("--format", choices=["json", "text"], default="json")

    @all_projects("what is to go is of every project")
    def handle(self, *args: Any, **options: Any) -> None:
        on = clock.today() if options["on"] is None else iso_day(options["on"])
        if on is None:
            raise CommandError(f"--on: '{options['on']}' is not a date such as 2021-03-01")
        if options["on"] is not None and not mode.is_rehearsal() and not options["dry_run"]:
            raise CommandError("--on is for rehearsals: a real system erases by its own clock.")
        if options["replay"]:
            self.stdout.write(json.dumps({"on": on.isoformat(), "replayed": self.replay()}))
            return
        due = all_due(on, [None, *Project.objects.values_list("pk", flat=True)])
        citizens = [subject.public_id for subject in due if subject.kind in CITIZEN_KINDS]
        record_shown(None, "erasure.command", citizens)
        document = {**preview(on, due), "dry_run": options["dry_run"]}
        outcome = ErasureOutcome()
        if not options["dry_run"] and ErasureRun.objects.filter(state=RunState.APPROVED).exists():
            outcome = self.erase(on)
        document |= {"erased": outcome.erased, "left": outcome.left}
        if options["format"] == "json":
            self.stdout.write(json.dumps(document, ensure_ascii=False))
        else:
            self.write_text(document)

    def erase(self, on: datetime.date) -> ErasureOutcome:
        """Carry the approved lists out as the owner of the tables, then seal the record of it."""
        try:
            with as_owner(), progress.on_terminal():
                outcome = carry_out(on)
        except (ListError, OSError) as error:
            raise CommandError(f"The list of erasures outside the database: {error}") from error
        seal()
        return outcome

    def replay(self) -> int:
        """Erase whom the list names and this database still has; return how many lines were replayed."""
        try:
            with progress.on_terminal():
                count = replay()
        except (ListError, OSError) as error:
            raise CommandError(f"The list of erasures cannot be read: {error}") from error
        seal()
        return count

    def write_text(self, document: dict[str, Any]) -> None:
        """Write what is due, by kind, and what was done."""
        for kind in document["kinds"]:
            self.stdout.write(
                f"{kind['kind']}: {kind['due']} due, {kind['blocked']} blocked, {kind['approved']} approved"
            )
        self.stdout.write(f"erased: {document['erased']}")
        for pseudonym, note in document["left"].items():
            self.stdout.write(f"left out: {pseudonym} ({note})")


def preview(on: datetime.date, due: list[DueSubject]) -> dict[str, Any]:
    """Return the JSON of what is due on the day, by kind, by citizen, and of everything else."""
    runs = ErasureRun.objects.filter(state=RunState.APPROVED)
    items = ErasureItem.objects.filter(run__in=runs, state=ItemState.LISTED).values_list("subject", "kind")
    approved = {kind if kind in BULK_KINDS else subject for subject, kind in items}
    rules = rules_on(on)
    slugs = dict(Project.objects.values_list("pk", "slug"))
    counts, blocked, are_approved = Counter[str](), Counter[str](), Counter[str]()
    for subject in due:
        counts[subject.kind] += subject.count
        blocked[subject.kind] += subject.count if subject.blockers else 0
        are_approved[subject.kind] += subject.count if approved & {subject.kind, subject.public_id} else 0
    return {
        "on": on.isoformat(),
        "kinds": [
            {
                "kind": kind.value,
                "months": rules[kind].months if kind in rules else None,
                "valid_from": rules[kind].valid_from.isoformat() if kind in rules else None,
                "due": counts[kind],
                "blocked": blocked[kind],
                "approved": are_approved[kind],
            }
            for kind in RetentionKind
        ],
        "citizens": [
            {"citizen": subject.label, **_line(subject, slugs, approved)}
            for subject in due
            if subject.kind in CITIZEN_KINDS
        ],
        "others": [
            {"what": subject.label, "rows": subject.count, **_line(subject, slugs, approved)}
            for subject in due
            if subject.kind not in CITIZEN_KINDS
        ],
    }


def _line(subject: DueSubject, slugs: dict[int, str], approved: set[Any]) -> dict[str, Any]:
    """Return what is said of each row that is due."""
    return {
        "project": slugs.get(subject.project_id or 0),
        "kind": subject.kind.value,
        "begins_on": subject.begins_on.isoformat(),
        "due_on": subject.due_on.isoformat(),
        "blocked_by": [blocker.value for blocker in subject.blockers],
        "approved": bool(approved & {subject.kind, subject.public_id}),
    }
