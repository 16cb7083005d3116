"""Days far off: those that commands take and refuse, and stored ones, of which no page breaks."""

import datetime
import json

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, models, transaction
from django.urls import reverse

from tests.access.table import TABLE
from tests.fuzz.mutations import Request
from tests.fuzz.run import LEFT_OUT, Run, Target

pytestmark = [pytest.mark.long]
#: The first and last days that a form, a file or a command takes.
FAR_DAYS = ["1900-01-01", "2099-12-31"]


@pytest.fixture(autouse=True)
def quick_pdfs(monkeypatch):
    """Replace the slow drawing of PDFs."""
    monkeypatch.setattr("weasyprint.HTML.write_pdf", lambda *args, **kwargs: b"%PDF-1.7")


def day_columns():
    """Yield every column of a day in the tables."""
    for model in apps.get_models():
        for column in model._meta.fields:
            is_day = isinstance(column, models.DateField) and not isinstance(column, models.DateTimeField)
            if is_day and not model.__name__.endswith("Event"):
                yield model, column.name


def store_everywhere(day):
    """Put the day into each column that the database lets have it; return how many."""
    count = 0
    for model, name in day_columns():
        try:
            with transaction.atomic():
                count += bool(model.objects.update(**{name: day}))
        except DatabaseError:  # a constraint or a trigger refuses it
            continue
    return count


@pytest.mark.parametrize("day", FAR_DAYS)
def test_no_page_breaks_of_a_far_day(two_projects, day):
    assert store_everywhere(datetime.date.fromisoformat(day)) > 10
    run = Run(two_projects, day)
    for address in TABLE:
        roles = sorted(address.roles_by_method.get("GET", ()))
        if roles and address.name not in LEFT_OUT:
            ids = [two_projects.ids[kind]["own"] for kind in address.kinds]
            path = reverse(address.name, args=[*ids, *address.args])
            target = Target(address, roles[-1], "own", path)  # a leader, where leaders are let in
            run.send_to(target, Request("GET", path, f"with {day} stored everywhere"))
    assert not run.findings.errors, f"\n{run.findings}"
    assert run.findings.statuses[200] > 60


@pytest.mark.parametrize("command", ["deadlines", "gaps", "fidelity", "send_reminders"])
@pytest.mark.parametrize("day", ["1900-01-01", "2099-12-31"])
def test_a_command_tells_of_the_first_and_the_last_day(two_projects, capsys, command, day):
    options = ["--dry-run"] if command == "send_reminders" else []
    call_command(command, "--on", day, "--format", "json", *options)
    assert json.loads(capsys.readouterr().out)["on"] == day


@pytest.mark.parametrize("command", ["deadlines", "gaps", "fidelity", "send_reminders", "seed_demo"])
@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2999-01-01", "2016-02-30", "٢٠١٦-01-01"])
def test_a_command_refuses_another_century(db, command, day):
    with pytest.raises(CommandError):
        call_command(command, "--on", day)
