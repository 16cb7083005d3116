"""No table and no column of a citizen's can be forgotten by the erasure."""

from django.apps import apps
from django.db.models import ForeignKey

from rights.erasure.treatment import ANYWHERE, EMPTIED, SHARED, STAYS, UNTOUCHED, deleted_models
from rights.report.coverage import edges, is_history
from tests.loops import some


def columns(model):
    """The columns of the table that are no keys to other rows."""
    return {field.name for field in model._meta.concrete_fields if not isinstance(field, ForeignKey)}


def test_every_column_of_a_table_that_stays_is_emptied_or_excused():
    """Recipe: a new column of a table that stays goes into `EMPTIED` or, with a reason, into `STAYS`."""
    for label in some(list(EMPTIED)):
        treated = set(EMPTIED[label]) | set(STAYS.get(label, {})) | set(ANYWHERE)
        assert columns(apps.get_model(label)) - treated == set(), label


def test_no_column_is_emptied_and_excused():
    for label, emptied in some(list(EMPTIED.items())):
        assert set(emptied) & set(STAYS.get(label, {})) == set()


def test_every_treated_column_exists():
    for label in some([*EMPTIED, *STAYS]):
        names = {field.name for field in apps.get_model(label)._meta.concrete_fields}
        assert (set(EMPTIED.get(label, {})) | set(STAYS.get(label, {}))) - names == set()


def test_a_row_that_stays_leads_to_no_row_that_goes():
    """Otherwise the database refuses the erasure: found here by introspection, before anybody is erased."""
    gone = set(deleted_models())
    leading = [
        f"{label}.{field.name}"
        for label in some([*EMPTIED, *UNTOUCHED, *SHARED])
        for field in apps.get_model(label)._meta.concrete_fields
        if field.related_model in gone and field.name not in EMPTIED.get(label, {})
    ]
    assert leading == []


def test_all_history_of_a_citizen_goes():
    assert [model for model in edges() if is_history(model) and model not in deleted_models()] == []
