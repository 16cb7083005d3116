"""The rule of retention of members of steering groups: the project's own choice."""

import datetime

REASON = "Default: two years after the member left or the project ended; the minutes stay."


def load_first_rule(apps, schema_editor):
    """Enter the first rule."""
    apps.get_model("rights", "RetentionRule").objects.create(
        kind="member", valid_from=datetime.date(2015, 1, 1), months=24, is_own_choice=True, reason=REASON
    )
