"""`grant_statement --year Y [--cut-off DATE] [--project SLUG]`: a draft (docs/formats.md)."""

import datetime
import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet
from django.utils import translation
from rich.console import Console

from accounts.models import Project
from audit.access import record_shown
from grants.models import ShowingChannel, SnapshotKind
from grants.presentation import export
from grants.reckoning.compute import CUT_OFFS, compute, default_cut_off
from grants.reckoning.doubts import with_doubts
from grants.reckoning.frame import NoTermsError
from grants.reckoning.statement import StatementView
from grants.storage import snapshots
from jobfirst import clock
from jobfirst.row_security.context import all_projects


class Command(BaseCommand):
    """Computes a draft only: approving needs two people and has no place on a command line (D30)."""

    help = "The draft of a year's grant statement: events earned up to the cut-off and what is payable."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--year", required=True, help="the year the statement belongs to")
        parser.add_argument("--cut-off", metavar="DATE", help="last day that counts; default 31 December")
        parser.add_argument("--project", metavar="SLUG", help="one project only")
        parser.add_argument("--format", choices=export.FORMATS, default="text")
        parser.add_argument("--output", metavar="PATH", type=Path, help="needed for xlsx and pdf")

    @all_projects("the operator asks for one project or all")
    def handle(self, *args: Any, **options: Any) -> None:
        year = _year(options["year"])
        cut_off = _day(options["cut_off"]) if options["cut_off"] else default_cut_off(year)
        file_format, output = options["format"], options["output"]
        if file_format in export.BINARY_FORMATS and output is None:
            raise CommandError(f"--format {file_format} needs --output PATH")
        with Console(stderr=True).status("Reckoning the statement"):
            kind = SnapshotKind.PROJECT if options["project"] else SnapshotKind.EVENTS
            draft = _compute_draft(year, cut_off, _projects(options["project"]), kind)
            record_shown(None, "grants.statement.command", draft.citizens(spells=False))
            snapshots.save(draft, kind, ShowingChannel.COMMAND, None, clock.now())
            # A file is read by people, in Danish; keys and codes are English in every language.
            with translation.override("da"):
                # What is printed is read by a program, a file of it is opened in Excel.
                is_piped = output is None and file_format == "csv"
                content = (
                    export.as_csv(draft).encode() if is_piped else export.as_file(draft, file_format).content
                )
        if output is None:
            self.stdout.write(content.decode(), ending="" if is_piped else None)
            return
        try:
            output.write_bytes(content)
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}") from error
        if file_format not in export.TEXT_FORMATS:
            self.stderr.write(f"Saved {output}")


def _compute_draft(
    year: int, cut_off: datetime.date, projects: QuerySet[Project], kind: SnapshotKind
) -> StatementView:
    try:
        with translation.override("en"):
            draft = compute(year, cut_off, projects, with_spells=kind == SnapshotKind.PROJECT)
            return with_doubts(draft, clock.today())
    except NoTermsError as error:
        raise CommandError(str(error)) from error


def _year(text: str) -> int:
    if not re.fullmatch("[0-9]{4}", text) or not CUT_OFFS.first.year <= int(text) <= CUT_OFFS.last_day.year:
        years = f"{CUT_OFFS.first.year} to {CUT_OFFS.last_day.year}"
        raise CommandError(f"--year must be a year from {years}, such as 2016")
    return int(text)


def _day(text: str) -> datetime.date:
    try:
        if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):  # the reader knows weeks, too
            raise ValueError
        day = datetime.date.fromisoformat(text)
    except ValueError as error:
        raise CommandError("--cut-off must be a date written as 2016-12-31") from error
    if day not in CUT_OFFS:
        raise CommandError(f"--cut-off must lie between {CUT_OFFS.first} and {CUT_OFFS.last}")
    return day


def _projects(slug: str | None) -> QuerySet[Project]:
    if slug is None:
        return Project.objects.all()
    projects = Project.objects.filter(slug=slug)
    if not projects.exists():
        raise CommandError(f"There is no project called {slug!r}.")
    return projects
