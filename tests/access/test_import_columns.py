"""Upload pages explain their columns, from the declaration that importers and commands use, too."""

import io
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class
from django.urls import reverse
from django.utils.translation import override

from accounts.exchange import PROJECT_COLUMNS, USER_COLUMNS, import_projects, import_users
from cases import exchange
from companies.exchange import COLUMNS, load_placements
from evaluation.paid_hours.exchange import PAID_HOURS_COLUMNS, import_paid_hours
from jobfirst.exchange import BadFile, FileColumn, RowError, read_table
from jobfirst.exchange.command import ImportCommand
from progression import exchange as progression_exchange
from tests.factories import ProjectFactory, UserFactory
from tests.loops import if_any, some

pytestmark = pytest.mark.django_db

FORMATS = Path(__file__).resolve().parents[2] / "docs" / "formats.md"
PAGES = {
    "cases:upload_referrals": ("coordinating_caseworker", exchange.REFERRAL_FILE_COLUMNS),
    "cases:upload_functions": ("coordinating_caseworker", exchange.FUNCTION_COLUMNS),
    "cases:upload_contacts": ("coordinating_caseworker", exchange.CONTACT_COLUMNS),
    "progression:upload": ("project_leader", progression_exchange.COLUMNS),
    "companies:import": ("project_leader", COLUMNS),
    "evaluation:upload_paid_hours": ("agency", PAID_HOURS_COLUMNS),
    "user_import": ("administrator", USER_COLUMNS),
    "project_import": ("administrator", PROJECT_COLUMNS),
}
#: Each importer with the column in which the example says nothing of this database.
IMPORTERS = [
    (exchange.import_referrals, exchange.REFERRAL_FILE_COLUMNS, set()),
    (exchange.import_functions, exchange.FUNCTION_COLUMNS, {"cpr", "email"}),
    (exchange.import_contacts, exchange.CONTACT_COLUMNS, {"cpr"}),
    (progression_exchange.import_progression, progression_exchange.COLUMNS, {"cpr"}),
    (load_placements, COLUMNS, {"cpr"}),
    (import_paid_hours, PAID_HOURS_COLUMNS, {"cpr", "month"}),
    (import_projects, PROJECT_COLUMNS, set()),
    (lambda table: import_users(table, None), USER_COLUMNS, {"project"}),
]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_explains_each_column_with_an_example(client, name):
    role, columns = PAGES[name]
    client.force_login(UserFactory(project=ProjectFactory(), roles=[role]))
    page = client.get(reverse(name)).content.decode()
    with override("da"):
        for column in some(columns):
            assert f"<code>{column}</code>" in page
            assert str(column.meaning) in page
            assert f"<code>{column.example}</code>" in page or not column.example
            for code, _meaning in if_any(column.codes):
                assert f"<code>{code}</code>" in page


@pytest.mark.parametrize(("load", "columns", "unknown"), IMPORTERS)
def test_the_examples_can_be_imported(load, columns: list[FileColumn], unknown):
    lines = ";".join(columns), ";".join(column.example for column in columns)
    table = read_table(io.BytesIO("\n".join(lines).encode()), columns)
    errors: list[RowError] = []
    try:
        load(table)
    except BadFile as refused:
        errors = refused.errors
    assert {error.column for error in errors} == unknown


def test_the_documentation_has_the_columns_of_every_import_command():
    text = FORMATS.read_text()
    names = [name for name in get_commands() if name.startswith("import_")]
    commands = {name: load_command_class(get_commands()[name], name) for name in names}
    assert len(commands) == 9
    for name, command in some(commands.items()):
        assert isinstance(command, ImportCommand)
        assert f"| `{name} FILE` | `{';'.join(command.columns)}`" in text, name
