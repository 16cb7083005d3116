"""No table and no column about a citizen can be forgotten in the access report."""

import pytest
from django.apps import apps
from django.db import connection

from audit.models import AccessRecord
from cases.models import Citizen
from rights.report.coverage import (
    BY_VALUE,
    LEFT_OUT,
    NOT_PERSONAL,
    covered_labels,
    edges,
    is_history,
    reason_to_leave_out,
    stored_models,
    tracked_model,
)
from rights.report.gathering import GatheredRows
from rights.report.labels import COLUMNS, TECHNICAL, has_own_label
from rights.report.values import shown_fields
from tests.factories import CitizenFactory
from tests.loops import some


def labels() -> list[str]:
    """Return the tables by their model, those of a history by the model that they follow."""
    return sorted({tracked_model(model)._meta.label for model in stored_models()})


def test_every_table_is_in_the_report_or_has_a_reason_not_to_be():
    """Recipe: a table without a foreign key to one of hers goes into `BY_VALUE` or `NOT_PERSONAL`."""
    assert [label for label in labels() if label not in covered_labels() | set(NOT_PERSONAL)] == []


def test_no_table_is_in_the_report_and_excused():
    assert sorted(covered_labels() & set(NOT_PERSONAL)) == []


def test_every_excused_table_has_a_reason():
    assert [label for label, reason in NOT_PERSONAL.items() if not reason] == []


def test_the_history_of_a_table_of_the_citizens_is_in_the_report():
    histories = some([model for model in stored_models() if is_history(model)])
    covered = covered_labels()
    assert [
        history._meta.label
        for history in histories
        if (tracked_model(history)._meta.label in covered) != (history in edges())
    ] == []


def test_every_column_is_in_the_report_or_has_a_reason_not_to_be():
    for model in some(list(edges())):
        left_out = {field.name for field in model._meta.concrete_fields if reason_to_leave_out(model, field)}
        printed = {field.name for field in shown_fields(model)}
        assert printed | left_out == {field.name for field in model._meta.concrete_fields}


def test_every_column_that_is_left_out_exists():
    existing = {field.name for model in stored_models() for field in model._meta.concrete_fields}
    existing |= {f"{model._meta.label}.{name}" for model in stored_models() for name in existing}
    assert [name for name in LEFT_OUT if name not in existing] == []


def test_every_column_that_the_pdf_prints_has_a_name_in_words():
    """Recipe: give a new field a translated verbose name, or name its column in `rights.report.labels`."""
    unnamed = {
        f"{model._meta.label}.{field.name}"
        for model in edges()
        if not is_history(model) and model is not AccessRecord  # printed by day and person
        for field in shown_fields(model)
        if not has_own_label(field) and field.name not in COLUMNS and field.name not in TECHNICAL
    }
    assert sorted(unnamed) == []


@pytest.mark.django_db
def test_every_table_that_names_her_by_value_has_its_condition():
    rows = GatheredRows(CitizenFactory())
    assert [label for label in BY_VALUE if not rows.by_value(label)] == []


def test_whatever_table_names_her_by_an_id_is_in_the_report(two_projects):
    """All columns of all rows are searched for the ids by which she is known."""
    covered = {model._meta.db_table for model in edges()}
    by_table = {model._meta.db_table: tracked_model(model)._meta.label for model in stored_models()}
    citizen = Citizen.objects.get(course__public_id=two_projects.ids["course"]["own"])
    ids = [str(citizen.public_id), citizen.pseudonym, str(citizen.course.public_id)]
    naming = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}" t WHERE t::text ~ %s)', ["|".join(ids)])
            if cursor.fetchone()[0]:
                naming.add(table)
    assert "cases_course" in naming
    assert [by_table.get(table, table) for table in sorted(naming - covered)] == []


def test_the_root_is_the_citizen():
    assert next(iter(edges())) is apps.get_model("cases.Citizen")
