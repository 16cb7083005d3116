"""Operations of a migration are rendered in groups; an operation that must see its own state is in none."""

import pytest
from django.apps import apps
from django.apps.registry import Apps
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.state import ProjectState

from jobfirst.migrating.groups import in_groups
from jobfirst.migrating.operations import RenderedOnce
from jobfirst.migrating.quick import quick_migrations

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


def statements_of(operations):
    """Return the SQL of a migration with these operations."""
    migration = Migration("first", "trial")
    migration.operations = operations
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        migration.apply(ProjectState(), editor, collect_sql=True)
        return [line for line in editor.collected_sql if line and not line.startswith("--")]


@pytest.mark.django_db
def test_a_migration_in_groups_sends_the_statements_of_its_operations_one_by_one():
    to_a = models.ForeignKey("trial.A", models.PROTECT, null=True)
    unique = models.UniqueConstraint(fields=["x"], name="a_once")
    operations = [
        MAKE_A,
        MAKE_B,
        ADD_TO_A,
        migrations.AddField("B", "a", to_a),
        migrations.AddConstraint("A", unique),
        migrations.AddIndex("A", models.Index(fields=["x"], name="a_index")),
        migrations.AddField("A", "text", models.CharField(max_length=3, default="")),
        migrations.AlterField("A", "text", models.CharField(max_length=9, db_index=True)),
        ADD_TO_B,
    ]
    one_by_one = statements_of(operations)
    with quick_migrations():
        in_few_groups = statements_of(operations)
    assert in_few_groups == one_by_one
    assert len(one_by_one) > len(operations)


def test_which_model_stands_for_a_setting_is_asked_once_and_only_of_the_installed_apps(monkeypatch):
    asked = []
    ask = Apps.get_swappable_settings_name

    def counted(registry, model):
        asked.append(model)
        return ask(registry, model)

    counted.cache_clear = ask.cache_clear
    monkeypatch.setattr(Apps, "get_swappable_settings_name", counted)
    with quick_migrations():
        names = [apps.get_swappable_settings_name("accounts.user") for _ in range(3)]
        other = [Apps().get_swappable_settings_name("accounts.user") for _ in range(2)]
    assert (names, other) == (["AUTH_USER_MODEL"] * 3, [None] * 2)
    assert asked == ["accounts.user"] * 3
    assert Apps.get_swappable_settings_name is counted
