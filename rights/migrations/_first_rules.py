"""The rules of retention that a system begins with: the project's own choices, to be replaced by dated rows."""

import datetime

FIRST = {
    "refused": (12, "Default: a refusal can be complained of and explained for a year."),
    "undrawn": (12, "Default: a year after the draw has ended."),
    "control": (60, "Default: the outcomes of the trial can be checked for five years after the project."),
    "participant": (60, "Default: five years after the course and the project, as the accounts of the grant."),
}


def load_first_rules(apps, schema_editor):
    """Enter the first rules."""
    rules = apps.get_model("rights", "RetentionRule")
    for kind, (months, reason) in FIRST.items():
        rules.objects.create(
            kind=kind, valid_from=datetime.date(2015, 1, 1), months=months, is_own_choice=True, reason=reason
        )
