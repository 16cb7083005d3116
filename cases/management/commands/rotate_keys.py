"""`rotate_keys`: bring what is stored under the first keys of their lists (docs/operations.md)."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.db.models import QuerySet

from cases.models import Citizen, EarlierNumber
from jobfirst.encryption import crypto, encrypted_text
from jobfirst.row_security.context import all_projects

BATCH = 500
UNDER = """
SELECT get_byte(decode(substr({column}, {start}, 4), 'base64'), 0), count(*) FROM {table}
WHERE starts_with({column}, %s) GROUP BY 1
"""


class Command(BaseCommand):
    """Idempotent. Works in batches of 500 rows, each a transaction of its own, while people work; ended at
    any moment (kill -9), it goes on where it was when it is run again."""

    help = "Encrypt and hash anew, with the first keys of JOBFIRST_CPR_KEYS and JOBFIRST_LOOKUP_KEY."

    @all_projects("every number and text gets the new key")
    def handle(self, *args: Any, **options: Any) -> None:
        call_command("rotate_cpr_keys", stdout=self.stdout, stderr=self.stderr)
        hashed = sum(self.rehash(model) for model in (Citizen, EarlierNumber))
        self.stdout.write(f"hashes for lookup: {hashed} made anew, left: {left_to_hash()}")
        current = next(iter(crypto.cpr_keys()))
        for number, count in sorted(texts_by_key().items()):
            if number != current:
                self.stdout.write(f"texts under key {number}: {count}. It must stay in JOBFIRST_CPR_KEYS.")

    def rehash(self, model: Any) -> int:
        """Store the hash of every number with the current key; return how many rows had another one."""
        changed, last = 0, 0
        while (batch := _rehash_batch(model, last)) is not None:
            last, count = batch
            changed += count
            self.stderr.write(f"{changed} {model._meta.verbose_name_plural}")
        return changed


def _findable(model: Any) -> QuerySet[Any]:
    """Return the rows that a number finds: of a citizen who was erased the hash is random and stays so."""
    rows: QuerySet[Any] = model.objects.all()
    return rows.filter(erased_on=None) if model is Citizen else rows


@transaction.atomic
def _rehash_batch(model: Any, after: int) -> tuple[int, int] | None:
    """Handle the next rows, locked meanwhile; return the last id and how many changed, None at the end."""
    locked = _findable(model).select_for_update(of=("self",)).filter(pk__gt=after)
    rows = list(locked.order_by("pk")[:BATCH])
    older = [row for row in rows if bytes(row.cpr_lookup) != crypto.lookup_hash(row.cpr)]
    for row in older:
        row.cpr_lookup = crypto.lookup_hash(row.cpr)
    model.objects.bulk_update(older, ["cpr_lookup"])
    return (rows[-1].pk, len(older)) if rows else None


def left_to_hash() -> int:
    """Return how many numbers are still stored by a hash with an older key."""
    return sum(
        bytes(row.cpr_lookup) != crypto.lookup_hash(row.cpr)
        for model in (Citizen, EarlierNumber)
        for row in _findable(model).only("cpr_lookup", "cpr_cipher", "public_id").iterator()
    )


def texts_by_key() -> dict[int, int]:
    """Return how many encrypted texts there are by the number of their key, the history included."""
    from django.apps import apps

    counts: dict[int, int] = {}
    columns = [
        (model._meta.db_table, str(field.column))
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, encrypted_text.EncryptedTextField)
    ]
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table, column in columns:
            names = {"table": quote(table), "column": quote(column), "start": len(encrypted_text.PREFIX) + 1}
            cursor.execute(UNDER.format(**names), [encrypted_text.PREFIX])
            for number, count in cursor.fetchall():
                counts[number] = counts.get(number, 0) + count
    return counts
