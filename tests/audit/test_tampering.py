"""A thousand changes by somebody who owns the database: all are found and named.

The tamperer signs in as the owner of the tables, with the triggers switched off. Changes are drawn by a
generator with a fixed seed. Fifty rows at a time are changed, and batches alone; then all is rolled back.
"""

import random
from contextlib import contextmanager

import pghistory
import pytest
from django.db import connection, transaction
from psycopg import sql

from audit.chain import tables
from audit.chain.sealing import seal
from audit.chain.verification import CHAIN, Progress, find_tampering
from audit.models import AccessOutcome, AccessRecord, SealedBatch
from jobfirst.database.owner import as_owner
from tests.factories import UserFactory

TAMPERINGS = 1000
SEED = 20160301
OTHER_VALUES = {
    "text": "{column} || 'x'",
    "varchar": "CASE {column} WHEN 'x' THEN 'y' ELSE 'x' END",
    "int4": "coalesce({column}, 0) + 1",
    "int8": "coalesce({column}, 0) + 1",
    "bool": "NOT {column}",
    "uuid": "gen_random_uuid()",
    "timestamptz": "coalesce({column}, now()) - interval '1 microsecond'",
    "jsonb": "{column} || '{{\"user\": 99999}}'",
    "_uuid": "{column} || gen_random_uuid()",
    "inet": "'192.0.2.1'",
}
COLUMNS = """
    SELECT attname, typname FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid
     WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
     ORDER BY attname
"""
BATCH_CHANGES = [
    '"table" = "table" || \'x\'',
    "columns = columns[2:]",
    "after = coalesce(after, 0) - 1",
    "upto = upto + 1",
    "sealed_at = sealed_at - interval '1 microsecond'",
    "row_ids[1] = row_ids[1] - 1",
    "row_hashes = set_byte(row_hashes, 3, get_byte(row_hashes, 3) # 1)",
    "previous_hash = set_byte(previous_hash, 3, get_byte(previous_hash, 3) # 1)",
    "batch_hash = set_byte(batch_hash, 3, get_byte(batch_hash, 3) # 1)",
]


class Tamperer:
    """Changes one thing at a time in a sealed log; each method returns what a check must name."""

    def __init__(self, generator):
        self.generator = generator
        self.batches = list(SealedBatch.objects.order_by("number"))
        self.touched = set()

    def execute(self, statement, values=None):
        with connection.cursor() as cursor:
            cursor.execute(statement, values)

    def rows(self, count):
        """Sealed rows of one batch that are as they were: their table, and their numbers."""
        candidates = [
            (batch, numbers)
            for batch in self.batches
            if len(numbers := [pk for pk in batch.row_ids if (batch.table, pk) not in self.touched]) >= count
        ]
        batch, numbers = self.generator.choice(candidates)
        chosen = self.generator.sample(numbers, count)
        self.touched.update((batch.table, number) for number in chosen)
        return tables.sealed_tables()[batch.table], chosen

    def row(self):
        table, (number,) = self.rows(1)
        return table, number

    def change_value(self):
        table, number = self.row()
        with connection.cursor() as cursor:
            cursor.execute(COLUMNS, [table.name])
            columns = [(name, kind) for name, kind in cursor.fetchall() if name not in (table.key, "id")]
        column, kind = self.generator.choice([pair for pair in columns if pair[1] in OTHER_VALUES])
        value = OTHER_VALUES[kind].format(column=f'"{column}"')
        where = f'{table.key} = {number} AND {value} IS DISTINCT FROM "{column}" AND {value} IS NOT NULL'
        with connection.cursor() as cursor:
            cursor.execute(f'UPDATE {table.name} SET "{column}" = {value} WHERE {where}')
            if cursor.rowcount == 0:  # an empty text stays empty
                return self.delete_row((table, number))
        return {(table.name, number, "changed")}

    def delete_row(self, row=None):
        table, number = row or self.row()
        self.execute(f"DELETE FROM {table.name} WHERE {table.key} = {number}")
        return {(table.name, number, "deleted")}

    def move_row(self):
        """The row gets a number that no row has: one below all others, or one that was never given out."""
        table, number = self.row()
        new = self.generator.choice([-1, 1]) * self.generator.randrange(10**6, 10**9)
        self.execute(f"UPDATE {table.name} SET {table.key} = {new} WHERE {table.key} = {number}")
        return {(table.name, number, "deleted"), (table.name, new, "inserted")}

    def swap_rows(self):
        """Two rows of a table in the other order."""
        table, (first, second) = self.rows(2)
        for old, new in ((first, -7), (second, first), (-7, second)):
            self.execute(f"UPDATE {table.name} SET {table.key} = {new} WHERE {table.key} = {old}")
        return {(table.name, first, "changed"), (table.name, second, "changed")}

    def insert_row(self):
        """A copy of an access record, below all numbers or above all that were given out."""
        number = self.generator.choice([-1, 1]) * self.generator.randrange(2**40, 2**50)
        columns = "at, user_id, action, outcome, citizens, asked_for, reason, session"
        self.execute(
            f"INSERT INTO audit_accessrecord (id, {columns})"
            f" SELECT {number}, {columns} FROM audit_accessrecord LIMIT 1"
        )
        return {("audit_accessrecord", number, "inserted")}

    def change_batch(self):
        batch, change = self.generator.choice(self.batches), self.generator.choice(BATCH_CHANGES)
        self.execute(f"UPDATE audit_sealedbatch SET {change} WHERE number = {batch.number}")
        return {(CHAIN, batch.number, "batch_changed")}

    def delete_batch(self):
        batch = self.generator.choice(self.batches[:-1])
        self.execute(f"DELETE FROM audit_sealedbatch WHERE number = {batch.number}")
        return {(CHAIN, batch.number, "batch_missing")}

    def cut_chain(self):
        last = self.batches[-1].number
        self.execute(
            f"DELETE FROM audit_sealedbatch WHERE number > {last - self.generator.randrange(1, last)}"
        )
        return {(CHAIN, last, "head_missing")}

    def swap_batches(self):
        first, second = (batch.number for batch in self.generator.sample(self.batches, 2))
        for old, new in ((first, 10**6), (second, first), (10**6, second)):
            self.execute(f"UPDATE audit_sealedbatch SET number = {new} WHERE number = {old}")
        return {(CHAIN, first, "batch_changed"), (CHAIN, second, "batch_changed")}

    def empty_table(self):
        """Every row of a table; TRUNCATE would wait for the checks of foreign keys."""
        table, _number = self.row()
        self.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table.name)))
        batches = [batch for batch in self.batches if batch.table == table.name]
        return {(table.name, number, "deleted") for batch in batches for number in batch.row_ids}


ROWS = {
    Tamperer.change_value: 50,
    Tamperer.delete_row: 20,
    Tamperer.move_row: 10,
    Tamperer.swap_rows: 10,
    Tamperer.insert_row: 10,
}
BATCHES = [
    *[Tamperer.change_batch] * 5,
    *(Tamperer.delete_batch, Tamperer.cut_chain, Tamperer.swap_batches, Tamperer.empty_table),
]
ROUNDS = 19  # of fifty rows each
BATCH_ROUNDS = 50


def findings():
    return {(finding.table, finding.number, finding.code) for finding in find_tampering(Progress(), [])}


def write_a_log():
    """Access records, and the history of some users with its contexts; in batches of twenty rows."""
    for number in range(30):
        with pghistory.context(user=number, url="/brugere/"):
            user = UserFactory()
            user.name = f"{user.name} B"
            user.save()
        AccessRecord.objects.bulk_create(
            AccessRecord(user=user, action=action, outcome=AccessOutcome.SHOWN)
            for action in ("course", "courses", "list.export", "course.cv")
        )
    seal(batch_rows=20)


@contextmanager
def untouched_afterwards():
    """Roll back what is done in the block."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_thousand_tamperings_are_all_found_and_named():
    write_a_log()
    generator = random.Random(SEED)
    with as_owner(), connection.cursor() as cursor:
        for table in [*tables.sealed_tables(), "audit_sealedbatch", "audit_chainhead"]:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        assert findings() == set()
        for _round in range(ROUNDS):
            with untouched_afterwards():
                tamperer = Tamperer(generator)
                kinds = generator.choices(list(ROWS), list(ROWS.values()), k=50)
                expected = set().union(*[kind(tamperer) for kind in kinds])
                assert findings() == expected
        for number in range(BATCH_ROUNDS):
            with untouched_afterwards():
                expected = BATCHES[number % len(BATCHES)](Tamperer(generator))
                assert expected <= findings()
        assert findings() == set()
    assert ROUNDS * 50 + BATCH_ROUNDS == TAMPERINGS
