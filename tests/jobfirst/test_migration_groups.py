"""Operations of a migration are rendered in groups; an operation that must see its own state is in none."""

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

from jobfirst.migration_groups import in_groups
from jobfirst.migration_operations import RenderedOnce

KEY = [("id", models.AutoField(primary_key=True))]
MAKE_A, MAKE_B = migrations.CreateModel("A", KEY), migrations.CreateModel("B", KEY)
ADD_TO_A = migrations.AddField("A", "x", models.IntegerField(null=True))
ADD_TO_B = migrations.AddField("B", "x", models.IntegerField(null=True))
ALTER_A = migrations.AlterField("A", "x", models.TextField(null=True))
SQL = migrations.RunSQL("SELECT 1")


def shape(operations):
    """Return the sizes of the groups."""
    return [
        len(operation.operations) if isinstance(operation, RenderedOnce) else 1
        for operation in in_groups(operations)
    ]


@pytest.mark.parametrize(
    ("operations", "sizes"),
    [
        pytest.param([ADD_TO_A, ADD_TO_B], [2], id="columns"),
        pytest.param([MAKE_A, MAKE_B], [2], id="tables"),
        pytest.param([MAKE_A, ADD_TO_A], [1, 1], id="a-column-of-a-table-made-before-it"),
        pytest.param([MAKE_A, ADD_TO_B], [2], id="a-column-of-another-table"),
        pytest.param([ADD_TO_A, ALTER_A, ADD_TO_B], [1, 2], id="an-alteration-of-a-column-just-added"),
        pytest.param([ADD_TO_A, SQL, ADD_TO_B, ADD_TO_A], [1, 1, 2], id="SQL-sees-what-was-before-it"),
    ],
)
def test_groups_end_where_an_operation_must_see_its_own_state(operations, sizes):
    assert shape(operations) == sizes


def test_every_operation_of_every_migration_is_applied_in_its_order():
    loader = MigrationLoader(None)
    changed = []
    for key, migration in loader.graph.nodes.items():
        flat = []
        for operation, original in ((op, migration.operations) for op in in_groups(migration.operations)):
            is_ours = isinstance(operation, RenderedOnce) and operation not in original
            flat += operation.operations if is_ours else [operation]
        if flat != list(migration.operations):
            changed.append(key)
    assert changed == []
