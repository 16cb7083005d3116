"""What the commands of the draw have in common: `--project`, `--on`, `--output`, and the shares."""

import datetime
import getpass
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Project
from jobfirst import clock, mode
from jobfirst.exchange.rows import iso_day
from randomization.draw import shares
from randomization.draw.shares import Shares
from randomization.draw.strata import usable_shares
from randomization.models import Commitment


def find_project(slug: str | None) -> Project:
    """Return the project with this slug. CommandError that lists the existing ones."""
    project = Project.objects.filter(slug=slug or "").first()
    if project is None:
        slugs = ", ".join(Project.objects.values_list("slug", flat=True)) or "none yet (import_projects)"
        raise CommandError(f"There is no project called {slug!r}. Projects: {slugs}.")
    return project


def day_of_draw(text: str | None, *, dry_run: bool = False) -> datetime.date:
    """Return the day of `--on`, or today. CommandError when it is no date, or in a real trial, which draws
    by the server's clock, except in a dry run."""
    if text is None:
        return clock.today()
    day = iso_day(text)
    if day is None:
        raise CommandError("--on must be a date written as 2016-03-01.")
    if not mode.is_rehearsal() and not dry_run:
        raise CommandError("--on is for rehearsals: a real trial draws on the day the server's clock says.")
    return day


def shares_for_command() -> Shares:
    """Return the system's shares. Where the agency's is not on the machine, it is typed, without echo, and
    forgotten with the process; twice before anything was committed, when nothing can be compared yet.

    DrawRefused when a share is missing or malformed, and when there is no terminal to ask at.
    """
    if not shares.is_missing("agency") or not sys.stdin.isatty():
        return usable_shares(None)
    text = getpass.getpass("The agency's share (not shown): ")
    if not Commitment.objects.exists() and getpass.getpass("The same once more: ") != text:
        raise CommandError("The two were not the same. Nothing was done.")
    return usable_shares(None, text)


def write_output(command: BaseCommand, text: str, output: Path | None) -> None:
    """Write the text to `--output`, or to standard output. CommandError when the file cannot be written."""
    if output is None:
        command.stdout.write(text, ending="" if text.endswith("\n") else "\n")
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{output} cannot be written: {error.strerror}.") from error
    command.stderr.write(f"Saved {output}")
