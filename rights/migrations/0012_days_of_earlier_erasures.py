import hashlib

from django.db import migrations
from django.db.models import Max


def give_days(apps, schema_editor):
    """Give what was erased before the day of its erasure, as the list of erasures has it.

    Members and vouchers keep the id whose hash is on the list. An erased account has a new one: it gets the
    last day on which an account was erased. The triggers, which refuse a change of a voucher, are passed as by an
    erasure.
    """
    erasures = apps.get_model("rights", "Erasure").objects
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT set_config('jobfirst.erasing', 'on', true)")
        days = {
            bytes(erasure.subject_hash): erasure.on for erasure in erasures.filter(kind__in=["member", "voucher"])
        }
        for label in (("evaluation", "SteeringMember"), ("grants", "Voucher")):
            rows = apps.get_model(*label)._base_manager
            for pk, public_id in rows.values_list("pk", "public_id") if days else ():
                if day := days.get(hashlib.sha256(public_id.bytes).digest()):
                    rows.filter(pk=pk).update(erased_on=day)
        last = erasures.filter(kind="staff").aggregate(last=Max("on"))["last"]
        accounts = apps.get_model("accounts", "User")._base_manager
        if last:
            accounts.filter(is_active=False, email__endswith="@erased.invalid").update(erased_on=last)
        cursor.execute("SELECT set_config('jobfirst.erasing', '', true)")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0018_erased_on"),
        ("evaluation", "0012_erased_on"),
        ("grants", "0008_erased_on"),
        ("rights", "0011_hashes_of_waiting_lists"),
    ]

    operations = [
        migrations.RunPython(give_days, migrations.RunPython.noop),
    ]
