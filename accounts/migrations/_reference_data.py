"""What a new system knows: the Danish municipalities, and the trial's terms from the announcement (D1–D3)."""

import csv
import datetime
from pathlib import Path

MUNICIPALITIES = Path(__file__).resolve().parent.parent / "reference" / "municipalities.csv"
ANNOUNCED_ON = datetime.date(2015, 10, 12)  # the announcement's last change before the deadline


def load_municipalities(apps, schema_editor):
    """Enter the 98 municipalities by their official codes."""
    with MUNICIPALITIES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    Municipality = apps.get_model("accounts", "Municipality")
    Municipality.objects.bulk_create([Municipality(**row) for row in rows])


def load_trial_terms(apps, schema_editor):
    """Enter the trial's first terms: the defaults of their fields are the announcement's."""
    apps.get_model("accounts", "TrialTerms").objects.create(valid_from=ANNOUNCED_ON)
