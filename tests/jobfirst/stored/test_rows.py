"""Rows that follow from facts are compared and made the same (jobfirst/stored/rows.py)."""

import datetime

import pytest

from grants.storage import stored_events
from jobfirst.database.batches import BATCH, batches
from reminders import deadlines
from reminders.deadlines import ROWS
from reminders.models import Deadline
from tests.factories import ProjectFactory

pytestmark = pytest.mark.django_db

SUNDAY = datetime.date(2016, 4, 10)


@pytest.fixture
def project():
    return ProjectFactory()


def deadline(project, subject="s1", **fields):
    """Return an unsaved deadline about the subject."""
    values = {
        "kind": "k",
        "subject_type": "course",
        "project_id": project.pk,
        "functions": ["mentor"],
        "due_on": SUNDAY,
        "shown_from": SUNDAY,
    }
    return Deadline(subject=subject, **{**values, **fields})


def stored_subjects():
    return set(Deadline.objects.values_list("subject", flat=True))


def test_each_difference_says_what_is_wrong_and_is_repaired(project):
    Deadline.objects.bulk_create(deadline(project, subject) for subject in ("same", "wrong", "surplus"))
    expected = [
        deadline(project, "same"),
        deadline(project, "wrong", shown_to=SUNDAY),
        deadline(project, "new"),
    ]
    differences = ROWS.compare(Deadline.objects.all(), expected)
    assert [(difference.key.subject, difference.state("surplus")) for difference in differences] == [
        ("new", "missing"),
        ("surplus", "surplus"),
        ("wrong", "differs"),
    ]
    ROWS.repair(differences)
    assert stored_subjects() == {"same", "wrong", "new"}
    assert ROWS.compare(Deadline.objects.all(), expected) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"functions": ["course_owner"]},
        {"shown_to": SUNDAY},
        {"every_days": 7, "shown_days": 4},
    ],
    ids=str,
)
def test_what_is_compared_is_stored(project, fields):
    deadline(project).save()
    expected = [deadline(project, **fields)]
    (difference,) = ROWS.compare(Deadline.objects.all(), expected)
    ROWS.repair([difference])
    assert ROWS.compare(Deadline.objects.all(), expected) == []


def test_another_project_is_compared_and_stored(project):
    deadline(project).save()
    other = ProjectFactory()
    ROWS.repair(ROWS.compare(Deadline.objects.all(), [deadline(other)]))
    assert Deadline.objects.get().project == other


def test_what_is_the_same_costs_no_query(project, django_assert_num_queries):
    with django_assert_num_queries(0):
        ROWS.repair([])


@pytest.mark.parametrize(
    "table", [deadlines.ROWS, stored_events.ROWS], ids=lambda table: table.model.__name__
)
def test_every_field_identifies_a_row_or_is_compared(table):
    """A field that neither does would keep its value for ever."""
    columns = {field.attname for field in table.model._meta.concrete_fields} - {"id"}
    assert {*table.key._fields, *table.fields} == columns
    assert set(table.key._fields).isdisjoint(table.fields)


def test_batches_hold_a_thousand_and_the_rest():
    assert [len(batch) for batch in batches(range(2 * BATCH + 1))] == [BATCH, BATCH, 1]
    assert list(batches([])) == []
