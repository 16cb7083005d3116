"""Days that no form takes any more, but that may be stored: no page breaks of them, whoever opens it."""

import datetime

import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.urls import reverse

from tests.access.conftest import _committed_projects, two_projects
from tests.access.table import TABLE
from tests.fuzz.mutations import Request
from tests.fuzz.run import LEFT_OUT, Run, Target

__all__ = ["_committed_projects", "two_projects"]

pytestmark = [pytest.mark.long]
OUR_APPS = (
    "accounts",
    "cases",
    "companies",
    "evaluation",
    "grants",
    "plans",
    "progression",
    "randomization",
    "reminders",
)
#: The first and last days that a form takes, and what an old form or another program may have stored.
FAR_DAYS = [
    datetime.date(1900, 1, 1),
    datetime.date(2099, 12, 31),
    datetime.date(9999, 12, 31),
    datetime.date(1, 1, 1),
]


@pytest.fixture(autouse=True)
def quick_pdfs(monkeypatch):
    """Replace the slow drawing of PDFs."""
    monkeypatch.setattr("weasyprint.HTML.write_pdf", lambda *args, **kwargs: b"%PDF-1.7")


def day_columns():
    """Yield every column of a day in the tables of our apps."""
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


@pytest.mark.parametrize("day", FAR_DAYS, ids=str)
def test_no_page_breaks_of_a_far_day(two_projects, day):
    assert store_everywhere(day) > 20
    run = Run(two_projects, str(day))
    for address in TABLE:
        for role in sorted(address.roles_by_method.get("GET", ())):
            if address.name not in LEFT_OUT:
                ids = [two_projects.ids[kind]["own"] for kind in address.kinds]
                path = reverse(address.name, args=[*ids, *address.args])
                target = Target(address, role, "own", path)
                run.send_to(target, Request("GET", path, f"with {day} stored everywhere"))
    assert not run.findings.errors, f"\n{run.findings}"
    assert run.findings.statuses[200] > 200
