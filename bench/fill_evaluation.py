"""Fills an empty system with so many courses, for the evaluation: `python -m bench.fill_evaluation 100000`.

1. The demo's trial of 600 citizens, drawn and lived through.
2. Copies of it: every row that belongs to a citizen, once for each copy, by `INSERT … SELECT`; the citizens
   themselves by COPY, since their numbers are encrypted with the row. Staff, companies and projects stay.
3. More contacts and months of paid hours, so many a course and a drawn citizen on average.

It is written as the owner, without the tables' triggers, and without their indexes and constraints other
than keys, which are made again (and so checked) in the end. There is no history of the copies, and their
ledger is no chain.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

os.environ.setdefault("JOBFIRST_SERVICES_FSYNC", "off")  # what is lost in a power cut is filled again

import devservices
from devservices.upgrade import bring_up_to_date

devservices.ensure()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobfirst.settings")
bring_up_to_date()

import django  # noqa: E402

django.setup()

from django.apps import apps  # noqa: E402
from django.db import connection as default_connection  # noqa: E402
from django.db import models, transaction  # noqa: E402
from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: E402
from django.db.backends.utils import CursorWrapper  # noqa: E402

from audit.history import Event  # noqa: E402
from cases.models import Citizen, Course, MentorContact, Referral  # noqa: E402
from demo.trial import seed_demo  # noqa: E402
from evaluation.models import PaidHours  # noqa: E402
from grants.models import EarnedEvent  # noqa: E402
from jobfirst import clock  # noqa: E402
from jobfirst.database.owner import as_owner  # noqa: E402
from jobfirst.encryption import crypto  # noqa: E402
from jobfirst.encryption.encrypted_text import EncryptedTextField  # noqa: E402
from jobfirst.row_security.context import all_projects  # noqa: E402
from randomization.models import Allocation  # noqa: E402
from reminders.models import Deadline  # noqa: E402

DEMO_CITIZENS, DEMO_SEED = 600, 1
CONTACTS_PER_COURSE, MONTHS_PER_CITIZEN = 54, 6
#: What follows from an id is shifted by it, so that every copy has ids of its own.
STEP = 1_000_000
#: No figure of the evaluation is reckoned from these; they would only fill the disk.
LEFT_OUT = frozenset(
    {
        "cases.MeetingMinute",
        "cases.CvEntry",
        "cases.CvReview",
        "cases.Cv",
        "cases.EarlierNumber",
        "cases.ProfileText",
        "companies.AnnexAnswer",
        "companies.DialogueEntry",
    }
)
#: Of these apps only models that follow from courses; statements and sent mails are documents.
APPS = frozenset({"cases", "companies", "evaluation", "plans", "progression", "randomization"})


@all_projects("the whole trial is measured")
def fill(courses: int) -> None:
    """Fill the system with about so many courses, unless it holds citizens already."""
    if not Citizen.objects.exists():
        seed_demo(DEMO_CITIZENS, DEMO_SEED, clock.today())
        multiply(courses)
    name = default_connection.settings_dict["NAME"]
    print(f"{name}: {Course.objects.count():,} courses", file=sys.stderr)


def multiply(courses: int) -> None:
    """Copy the trial that is there to about so many courses."""
    copies = max(0, round(courses / Course.objects.count()) - 1)
    tables = copied_models()
    with as_owner() as connection:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
            with bare_tables(cursor, [model._meta.db_table for model in tables]):
                copy_citizens(connection, cursor, copies)
                for model in tables:
                    if model is not Citizen:
                        copy_rows_of(cursor, model, copies)
                add_contacts(cursor)
                add_paid_months(cursor)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def copied_models() -> list[type[models.Model]]:
    """Return the models whose rows belong to a citizen, in the order in which they are found."""
    copied: list[type[models.Model]] = [Citizen, Referral, Course]
    for _depth in range(6):
        for model in apps.get_models(include_auto_created=True):
            if model in copied or model._meta.label in LEFT_OUT or issubclass(model, Event):
                continue
            if not model._meta.managed or model._meta.proxy:
                continue
            related = {field.related_model for field in model._meta.concrete_fields if field.is_relation}
            if model._meta.app_label in APPS and related.intersection(copied):
                copied.append(model)
    return [*copied, EarnedEvent, Deadline]


@contextmanager
def bare_tables(cursor: CursorWrapper, tables: list[str]) -> Iterator[None]:
    """Within the block the tables have no triggers, no indexes but those of keys, and no constraints between
    rows; at its end they are made again."""
    cursor.execute(
        "SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),"
        " format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,"
        " pg_get_constraintdef(oid))"
        " FROM pg_constraint WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('f', 'u', 'x')"
        " ORDER BY contype",
        [tables],
    )
    constraints = cursor.fetchall()
    cursor.execute(
        "SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)"
        " FROM pg_index WHERE indrelid = ANY(%s::regclass[])"
        " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)",
        [tables],
    )
    indexes = cursor.fetchall()
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for drop, _make in constraints + indexes:
        cursor.execute(drop)
    yield
    for _drop, make in indexes + constraints[::-1]:
        cursor.execute(make)
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def copy_citizens(connection: BaseDatabaseWrapper, cursor: CursorWrapper, copies: int) -> None:
    """Write the copies of the citizens, with their CPR numbers encrypted anew.

    The numbers are those of the demo's citizens (the age follows from them); what finds them is made up.
    """
    citizens = [(citizen, citizen.cpr) for citizen in Citizen.objects.order_by("pk")]
    cursor.execute(
        "SELECT c.id, k, md5(c.public_id::text || ':' || k)::uuid"
        " FROM cases_citizen c, generate_series(1, %s) k ORDER BY k, c.id",
        [copies],
    )
    keys = cursor.fetchall()
    digits = {citizen.pk: cpr for citizen, cpr in citizens}
    created_at = citizens[0][0].created_at
    columns = "id, public_id, pseudonym, cpr_cipher, cpr_lookup, created_at"
    with connection.wrap_database_errors, cursor.copy(f"COPY cases_citizen ({columns}) FROM STDIN") as sink:
        for pk, copy, public_id in keys:
            cipher = crypto.encrypt(digits[pk], public_id.bytes)
            lookup = crypto.lookup_hash(f"{digits[pk]}:{copy}")
            row = (pk + copy * STEP, public_id, crypto.pseudonym(public_id.bytes), cipher, lookup, created_at)
            sink.write_row(row)


def copy_rows_of(cursor: CursorWrapper, model: type[models.Model], copies: int) -> None:
    """Write the copies of a model's rows."""
    table, copied = model._meta.db_table, set(copied_models())
    expressions = {field.column: expression(field, copied) for field in model._meta.concrete_fields}
    where = ""
    if model is Deadline:
        expressions["subject"] = "md5(subject || ':' || k)::uuid::text"
        where = " WHERE subject_type = 'course'"
    columns = ", ".join(f'"{column}"' for column in expressions)
    cursor.execute(
        f"INSERT INTO {table} ({columns}) SELECT {', '.join(expressions.values())}"
        f" FROM {table}, generate_series(1, %s) AS k{where}",
        [copies],
    )
    if "id" in expressions:
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")


#: No less than the slots of the demo's largest stratum. The randomisation test draws all slots of a stratum
#: again, up to the last one, so those of the copies follow closely.
SLOT_STEP = 70
#: Numbers that must differ between copies although they are no keys, and by how much.
SHIFTED = {
    ("randomization.Allocation", "sequence"): STEP,
    ("randomization.Allocation", "slot"): SLOT_STEP,
    ("randomization.Claim", "slot"): SLOT_STEP,
}


def expression(field: "models.Field", copied: set[type[models.Model]]) -> str:  # type: ignore[type-arg]
    """Return what stands in a column of the copy `k`."""
    column = f'"{field.column}"'
    is_key = field.primary_key and not field.is_relation
    is_of_copied = field.is_relation and field.related_model in copied
    step = STEP if is_key or is_of_copied else SHIFTED.get((field.model._meta.label, field.name))
    if step:
        return f"{column} + k * {step}"
    if isinstance(field, EncryptedTextField):  # its ciphertext belongs to the row that is copied
        return f"CASE {column} WHEN '' THEN '' ELSE 'copied' END"
    if isinstance(field, models.UUIDField):
        return f"md5({column}::text || ':' || k)::uuid"
    if field.unique and isinstance(field, models.BinaryField):
        return f"sha256({column} || k::text::bytea)"
    if field.unique and isinstance(field, models.CharField):
        return f"left(md5({column} || ':' || k), {field.max_length})"
    return column


def add_contacts(cursor: CursorWrapper) -> None:
    """Add contacts on the days after those that are there, to `CONTACTS_PER_COURSE` on average."""
    wanted = CONTACTS_PER_COURSE * count(cursor, Course)
    there = count(cursor, MentorContact)
    add_rows(
        cursor,
        MentorContact,
        {
            "public_id": "gen_random_uuid()",
            "submission": "NULL",
            "note": "'copied'",
            "held_on": "LEAST(held_on + mod(k, 7), CURRENT_DATE)",
        },
        wanted - there,
        there,
    )


def add_paid_months(cursor: CursorWrapper) -> None:
    """Add months of paid hours before those that are there, to `MONTHS_PER_CITIZEN` of a drawn citizen."""
    wanted = MONTHS_PER_CITIZEN * count(cursor, Allocation)
    cursor.execute(
        """
        INSERT INTO evaluation_paidhours (citizen_id, month, hours)
        SELECT citizen_id, (first_month - make_interval(months => k))::date, 0
        FROM (
            SELECT citizen_id, min(month) AS first_month FROM evaluation_paidhours GROUP BY citizen_id
        ) AS earliest, generate_series(1, 12) AS k
        ORDER BY k LIMIT greatest(0, %s)
        """,
        [wanted - count(cursor, PaidHours)],
    )


def add_rows(
    cursor: CursorWrapper, model: type[models.Model], changed: dict[str, str], wanted: int, there: int
) -> None:
    """Add so many rows to those that are `there`: the same again, with other values in some columns."""
    fields = [str(field.column) for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(f'"{column}"' for column in fields)
    values = ", ".join(changed.get(column, f'"{column}"') for column in fields)
    table = model._meta.db_table
    times = -(-wanted // there)
    cursor.execute(
        f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table}, generate_series(1, %s) AS k LIMIT %s",
        [max(0, times), max(0, wanted)],
    )


def count(cursor: CursorWrapper, model: type[models.Model]) -> int:
    """Return how many rows the model's table has."""
    cursor.execute(f"SELECT count(*) FROM {model._meta.db_table}")
    (number,) = cursor.fetchone()
    return int(number)


if __name__ == "__main__":
    fill(int(sys.argv[1]))
