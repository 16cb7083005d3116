from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import F, Func, IntegerField, QuerySet, Value

from accounts.sign_in.adapter import SealedMFAAdapter
from cases.models import Citizen, EarlierNumber
from jobfirst.encryption import crypto
from jobfirst.row_security.context import all_projects

BATCH = 500


class Command(BaseCommand):
    help = (
        "Encrypt CPR numbers and second-factor secrets anew with the first key of JOBFIRST_CPR_KEYS. Texts "
        "stay under their key: rotate_keys runs this, and says which keys must stay in the list."
    )

    @all_projects("every number gets the new key")
    def handle(self, *args: Any, **options: Any) -> None:
        current = next(iter(crypto.cpr_keys()))
        under = Func(F("cpr_cipher"), Value(0), function="get_byte", output_field=IntegerField())
        citizens, left = 0, 0
        for model in (Citizen, EarlierNumber):
            rows: QuerySet[Any] = model.objects.all()
            older = rows.annotate(key=under).exclude(key=current).order_by("pk")
            while moved := self.move_numbers(older):
                citizens += moved if model is Citizen else 0
                self.stderr.write(f"{citizens} citizens")
            left += older.count()
        secrets = self.move_second_steps()
        self.stdout.write(f"citizens: {citizens}, second steps: {secrets}, left: {left}")

    @transaction.atomic
    def move_numbers(self, older: QuerySet[Any]) -> int:
        """Encrypt a batch with the current key, the rows locked meanwhile; return how many."""
        batch = list(older.select_for_update(of=("self",))[:BATCH])
        for row in batch:
            row.cpr_cipher = crypto.encrypt(row.cpr, row.public_id.bytes)
        older.model._default_manager.bulk_update(batch, ["cpr_cipher"])
        return len(batch)

    @transaction.atomic
    def move_second_steps(self) -> int:
        """Encrypt the secrets of two-step sign-in, which use the same keys (accounts/sign_in/adapter.py)."""
        adapter = SealedMFAAdapter()
        moved = 0
        for row in Authenticator.objects.select_for_update().order_by("pk"):
            sealed = {key: row.data[key] for key in ("secret", "seed") if key in row.data}
            if all(adapter.is_current(text) for text in sealed.values()):
                continue
            row.data |= {key: adapter.encrypt(adapter.decrypt(text)) for key, text in sealed.items()}
            row.save(update_fields=["data"])
            moved += 1
        return moved
