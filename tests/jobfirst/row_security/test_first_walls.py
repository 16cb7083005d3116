"""The first walls of a system that is used, put up while the version before goes on."""

import pytest
from django.conf import settings
from django.db import connection

from jobfirst.database.owner import as_owner
from jobfirst.row_security.policies import POLICY, build_walls
from jobfirst.row_security.rules import walled_models
from tests.databases import owner_connection
from tests.factories import CourseFactory

COURSES = "SELECT count(*) FROM cases_course"


def build():
    application = settings.DATABASES["default"]["USER"]
    with as_owner() as migrating:
        build_walls(migrating, application, print)


def number_of_courses():
    with connection.cursor() as cursor:
        cursor.execute(COURSES)
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_an_earlier_version_goes_on_for_a_while_and_this_one_is_bound():
    CourseFactory()
    with owner_connection() as owner:
        for model in walled_models():
            table = model._meta.db_table
            owner.execute(f'DROP POLICY {POLICY} ON "{table}"')
            owner.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')
    build()
    connection.ensure_connection()
    earlier_version = connection.connection  # it has told the server nothing yet
    assert earlier_version.execute(COURSES).fetchone() == (1,)
    earlier_version.execute("SET jobfirst.projects = ''")
    assert earlier_version.execute(COURSES).fetchone() == (0,)


@pytest.mark.django_db(transaction=True)
def test_policies_that_are_as_they_should_be_are_left_alone():
    """Making one locks its table, and `migrate` runs while people work."""
    oids = f"SELECT array_agg(oid ORDER BY oid) FROM pg_policy WHERE polname = '{POLICY}'"
    with owner_connection() as owner:
        before = owner.execute(oids).fetchone()
        build()
        assert owner.execute(oids).fetchone() == before


@pytest.mark.django_db(transaction=True)
def test_a_table_of_an_earlier_state_has_a_wall_that_nobody_sees_through():
    """`migrate` to an earlier state: the column of the wall is not there yet."""
    CourseFactory()
    with owner_connection() as owner:
        owner.execute(f"DROP POLICY {POLICY} ON cases_course")
        owner.execute("ALTER TABLE cases_course RENAME COLUMN project_id TO earlier")
        try:
            build()
            seen = number_of_courses()
        finally:
            owner.execute("ALTER TABLE cases_course RENAME COLUMN earlier TO project_id")
            build()
    assert (seen, number_of_courses()) == (0, 1)
