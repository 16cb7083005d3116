"""The migrations of the grants keep stored rows and their protection."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from grants.models import GrantTerms, StatementLine
from jobfirst.owner import as_owner
from tests.grants.factories import StatementFactory

BEFORE, AFTER = ("grants", "0001_initial"), ("grants", "0002_grant_terms")


def migrate(target):
    with as_owner():
        MigrationExecutor(connection).migrate([target])


@pytest.mark.django_db(transaction=True)
def test_terms_and_the_statements_that_refer_to_them_survive_the_rename():
    statement = StatementFactory(state="approved", events=1)
    values = GrantTerms.objects.values().get()
    migrate(BEFORE)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM grants_grantscheme")
            assert cursor.fetchone() == (1,)
    finally:
        migrate(AFTER)
    assert GrantTerms.objects.values().get() == values
    statement.refresh_from_db()
    assert statement.terms_id == StatementLine.objects.get().terms_id == values["id"]
    with pytest.raises(DatabaseError), transaction.atomic():
        GrantTerms.objects.update(start_amount=1)
