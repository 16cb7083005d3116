"""What a line of the table of guards is (tests/guards/table.py)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Guard:
    """A guard that is taken away, and the tests of which one must fail then.

    Either a text of a file, which stands there exactly once, is replaced; or a statement takes away something
    of the database, as its owner.
    """

    name: str
    tests: tuple[str, ...]
    file: str = ""
    text: str = ""
    replacement: str = ""
    statement: str = ""


def in_code(name: str, file: str, text: str, replacement: str, *tests: str) -> Guard:
    """Return a guard in the source or in a template."""
    return Guard(name, tests, file=file, text=text, replacement=replacement)


def constraint(table: str, constraint_name: str, *tests: str) -> Guard:
    """Return a constraint of the database."""
    statement = f'ALTER TABLE "{table}" DROP CONSTRAINT "{constraint_name}"'
    return Guard(f"constraint {constraint_name}", tests, statement=statement)


def index(index_name: str, *tests: str) -> Guard:
    """Return a unique index of the database: a unique constraint with a condition is one."""
    return Guard(f"unique index {index_name}", tests, statement=f'DROP INDEX "{index_name}"')


def trigger(table: str, trigger_name: str, *tests: str) -> Guard:
    """Return a trigger of the database, by its name without what pgtrigger puts before and behind it."""
    statement = f"""
        DO $$
        DECLARE name text;
        BEGIN
            SELECT tgname INTO STRICT name FROM pg_trigger
            WHERE tgrelid = '{table}'::regclass AND tgname ~ '^pgtrigger_{trigger_name}_[0-9a-f]{{5}}$';
            EXECUTE format('DROP TRIGGER %I ON %I', name, '{table}');
        END $$
    """
    return Guard(f"trigger {trigger_name} of {table}", tests, statement=statement)


def right(name: str, statement: str, *tests: str) -> Guard:
    """Return a right that the application does not have; the statement grants it."""
    return Guard(name, tests, statement=statement)
