"""The grant's terms that the trial begins with. The sources give the sum of 16,000 kroner, not the split (D26)."""

import datetime
from decimal import Decimal


def load_first_terms(apps, schema_editor):
    """Enter the first terms."""
    apps.get_model("grants", "GrantScheme").objects.create(
        valid_from=datetime.date(2015, 1, 1),
        start_amount=Decimal("8000.00"),
        completion_amount=Decimal("8000.00"),
        completion_days=91,
        tolerance_days=0,
        bridge_non_working_days=True,
        counting_kinds=["internship", "wage_subsidy", "ordinary_employment", "flex_job"],
        ceiling_share=Decimal("0.9000"),
        own_choices=[
            "start_amount",
            "completion_amount",
            "tolerance_days",
            "bridge_non_working_days",
        ],
        reason="Default split 8,000 + 8,000: the sources give 16,000 per participant, not the split.",
    )
