"""The rules of retention of what is no citizen: the project's own choices, to be replaced by dated rows."""

import datetime

FIRST = {
    "staff": (60, "Default: as long as the citizens' own data, whose access log names who saw them."),
    "contact": (24, "Default: two years after the last placement or call, when nobody needs the person."),
    "voucher": (60, "Default: five years after the financial year and the project, as accounts of the grant."),
    "message": (12, "Default: a year, in which it can be asked whether somebody was told."),
    "link": (24, "Default: two years, in which it can be asked who was sent a link, and when it was used."),
    "sign_in": (24, "Default: two years, in which a break-in can be looked into."),
    "access": (24, "Default: two years; who saw whom stays as long as the citizen's own data."),
}


def load_first_rules(apps, schema_editor):
    """Enter the first rules."""
    rules = apps.get_model("rights", "RetentionRule")
    for kind, (months, reason) in FIRST.items():
        rules.objects.create(
            kind=kind, valid_from=datetime.date(2015, 1, 1), months=months, is_own_choice=True, reason=reason
        )
