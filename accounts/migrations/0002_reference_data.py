"""The 98 Danish municipalities by their official codes, and the trial's terms from the announcement."""

import csv
import datetime
from pathlib import Path

from django.db import migrations

FILE = Path(__file__).resolve().parent.parent / "reference" / "municipalities.csv"
ANNOUNCED_ON = datetime.date(2015, 10, 12)  # the announcement's last change before the deadline


def load(apps, schema_editor):
    Municipality = apps.get_model("accounts", "Municipality")
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    Municipality.objects.bulk_create([Municipality(**row) for row in rows], ignore_conflicts=True)
    apps.get_model("accounts", "TrialTerms").objects.get_or_create(valid_from=ANNOUNCED_ON)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
