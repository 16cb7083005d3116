"""What the database itself refuses, whoever asks and by whatever way."""

import psycopg
import pytest
from django.db import IntegrityError, transaction

from cases.models import CourseFunction, FunctionHolding
from jobfirst.dates import DAY
from tests.databases import owner_connection
from tests.factories import DRAWN_ON, CourseFactory, UserFactory

pytestmark = pytest.mark.django_db

ADD_A_RECORD = """
    INSERT INTO audit_accessrecord (at, action, outcome, citizens, asked_for, reason)
    VALUES (now(), 'course', 'shown', '{}', '', '')
"""


@pytest.mark.parametrize("first_days", [(0, 30), (30, 0)])
def test_two_holders_of_a_function_never_have_a_day_in_common(first_days):
    """Also when no action looks: the last day of the one is the first day of the other."""
    course, people = CourseFactory(), UserFactory.create_batch(2)
    spans = {0: DRAWN_ON + 30 * DAY, 30: None}
    holdings = [
        FunctionHolding(
            course=course,
            function=CourseFunction.MENTOR,
            user=person,
            from_on=DRAWN_ON + days * DAY,
            until_on=spans[days],
        )
        for person, days in zip(people, first_days, strict=True)
    ]
    with pytest.raises(IntegrityError, match="cases_holding_one_at_a_time"), transaction.atomic():
        FunctionHolding.objects.bulk_create(holdings)


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_accessrecord SET action = 'x'", "DELETE FROM audit_accessrecord"]
)
def test_not_even_the_owner_changes_an_access_record(statement):
    with owner_connection() as connection, connection.transaction(force_rollback=True):
        connection.execute(ADD_A_RECORD)
        with pytest.raises(psycopg.errors.RaiseException, match="Cannot update or delete"):
            connection.execute(statement)
