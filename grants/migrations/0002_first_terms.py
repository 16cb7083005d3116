"""The terms the trial begins with. The sources give the sum of 16,000 kroner, not the split (D26)."""

import datetime
from decimal import Decimal

from django.db import migrations


def load(apps, schema_editor):
    apps.get_model("grants", "GrantScheme").objects.get_or_create(
        valid_from=datetime.date(2015, 1, 1),
        defaults={
            "start_amount": Decimal("8000.00"),
            "completion_amount": Decimal("8000.00"),
            "completion_days": 91,
            "tolerance_days": 0,
            "bridge_non_working_days": True,
            "counting_kinds": ["internship", "wage_subsidy", "ordinary_employment", "flex_job"],
            "ceiling_share": Decimal("0.9000"),
            "own_choices": [
                "start_amount",
                "completion_amount",
                "tolerance_days",
                "bridge_non_working_days",
            ],
            "reason": "Default split 8,000 + 8,000: the sources give 16,000 per participant, not the split.",
        },
    )


class Migration(migrations.Migration):
    dependencies = [("grants", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
