"""Names are sorted as in Danish, by the database and by Python alike."""

import ast
import itertools
import pathlib
import re

import pytest
from django.apps import apps
from django.conf import settings
from django.core.checks import Tags, run_checks
from django.db import connection, models
from hypothesis import example, given
from hypothesis import strategies as st

from jobfirst.values import danish_order
from jobfirst.values.danish_order import danish_key
from tests.loops import some

pytestmark = pytest.mark.django_db

NAMES = [
    "Åberg", "Aaberg", "Abel", "AAGE", "Aage", "aage", "Ågård", "Anna", "anna", "André", "Andre", "Andrea",
    "Ørsted", "Ärlig", "Ærlig", "Özil", "Ole", "Zornig", "Bo Ø", "Bo-Ø", "Bo A", "Boa", "Ükeren", "Ykeren",
    "O'Neill", "Oneill", "3F", "Ø 2", "Jensen, Bo", "Jensen Bo", "Ny Aa", "Ny Ås", "Ny Ål", "Ny Ø",
    "Bager & Søn",
]  # fmt: skip


def sorted_by_database(names):
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM unnest(%s::text[]) AS name ORDER BY name", [list(names)])
        return [name for (name,) in cursor.fetchall()]


def test_names_are_sorted_as_in_danish():
    names = ["Østergaard", "Aagaard", "berg", "Ågård", "Ærø", "Zornig", "Anna", "Åberg"]
    expected = ["Anna", "berg", "Zornig", "Ærø", "Østergaard", "Åberg", "Ågård", "Aagaard"]
    assert sorted(names, key=danish_key) == sorted_by_database(names) == expected


def test_python_sorts_as_the_database_does():
    assert sorted(NAMES, key=danish_key) == sorted_by_database(NAMES)


letters = st.text("abAæØzZoøy -.'1", min_size=1, max_size=6)


@given(st.lists(letters, min_size=2, max_size=8, unique=True))
@example(["Aa", "aA", "AA", "aa", "å", "Å"])
def test_python_and_database_agree_on_any_names(names):
    by_letters = [danish_key(name)[0] for name in sorted_by_database(names)]
    assert by_letters == sorted(by_letters)


def test_a_database_that_sorts_otherwise_is_refused(monkeypatch):
    assert run_checks(tags=[Tags.database], databases=["default"]) == []
    monkeypatch.setattr(danish_order, "IN_ORDER", "SELECT 'anna' < 'Berg' COLLATE \"C\"")
    assert [error.id for error in run_checks(tags=[Tags.database], databases=["default"])] == [
        "jobfirst.E001"
    ]


def test_no_column_has_an_order_of_its_own():
    columns = some(itertools.chain.from_iterable(model._meta.fields for model in apps.get_models()))
    assert [str(column) for column in columns if getattr(column, "db_collation", None)] == []
    assert not any(isinstance(column, models.GeneratedField) for column in columns)


def sorts_of_names():
    """Yield the calls that sort by a name or a label in Python, with their place."""
    for config in apps.get_app_configs():
        if pathlib.Path(config.path).parent != settings.BASE_DIR:
            continue
        for path in sorted(pathlib.Path(config.path).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                keys = [word.value for word in node.keywords if word.arg == "key"] if is_sort(node) else []
                if keys and re.search(r"\b(name|label|citizen_name|company)\b", ast.unparse(keys[0])):
                    yield f"{path.relative_to(settings.BASE_DIR)}:{node.lineno}", ast.unparse(keys[0])


def is_sort(node):
    return isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in {"sorted", "sort"}


def test_names_that_python_sorts_are_sorted_as_in_danish():
    sorts = list(sorts_of_names())
    assert len(sorts) >= 5
    assert [place for place, key in sorts if "danish_key" not in key] == []
