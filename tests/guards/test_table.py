"""The table of guards is true of the code as it is: `make guards` can take each of them away."""

import ast
import re
from pathlib import Path

import pytest
from django.db import connection

from tests.databases import owner_connection
from tests.guards.table import GUARDS

PROJECT = Path(__file__).resolve().parents[2]
FEWEST = 60
TEXTS = [guard for guard in GUARDS if guard.file]
STATEMENTS = [guard for guard in GUARDS if guard.statement]


def test_there_are_many_and_none_twice():
    assert len({guard.name for guard in GUARDS}) == len(GUARDS) >= FEWEST
    assert len(TEXTS) + len(STATEMENTS) == len(GUARDS)


def test_each_text_stands_in_its_file_once_and_its_replacement_can_be_read():
    faults = []
    for guard in TEXTS:
        source = (PROJECT / guard.file).read_text("utf-8")
        if source.count(guard.text) != 1:
            faults.append(f"{guard.name}: the text stands {source.count(guard.text)} times in {guard.file}")
        elif guard.file.endswith(".py"):
            ast.parse(source.replace(guard.text, guard.replacement), guard.file)
    assert faults == []


def test_the_tests_of_each_are_there():
    tests = {test for guard in GUARDS for test in guard.tests}
    assert all(guard.tests for guard in GUARDS)
    assert [test for test in sorted(tests) if not is_there(test)] == []


def is_there(test: str) -> bool:
    """Whether the folder or file is there, and in it the class and the test that are named."""
    name, *parts = test.split("::")
    path = PROJECT / name
    return path.exists() and all(re.search(rf"(def|class) {part}\b", path.read_text()) for part in parts)


@pytest.mark.django_db
def test_each_statement_takes_something_away():
    """As the owner, who may; the transaction is rolled back."""
    connection.close()  # nothing of this test keeps a lock on a table
    faults = []
    with owner_connection() as owner:
        for guard in STATEMENTS:
            try:
                with owner.transaction(force_rollback=True):
                    owner.execute(guard.statement.encode())
            except Exception as error:
                faults.append(f"{guard.name}: {error}")
    assert faults == []
