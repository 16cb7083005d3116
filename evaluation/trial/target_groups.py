"""The municipalities' own target groups, which both arms should mirror (D4): from a file or the form."""

import datetime
from collections import Counter
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Municipality
from evaluation.models import TargetGroupCount
from jobfirst.exchange import Table

TARGET_GROUP_COLUMNS = ("municipality_code", "as_of", "resource_programme", "activity_ready")


def import_target_groups(table: Table) -> dict[str, int]:
    """Save the municipalities' own target groups (D4); BadFile with every bad row otherwise.

    Says how many were `created`, `updated` and `unchanged`; the same file twice changes nothing.
    """
    places = Municipality.objects.exclude(place=None)
    codes = dict(places.values_list("code", "code"))
    seen: set[tuple[str, datetime.date | None]] = set()
    lines: list[tuple[Any, ...]] = []
    for row in table:
        code, as_of = row.text("municipality_code", longest=4), row.date("as_of")
        counts = [row.integer(name, lowest=0, highest=1_000_000) for name in TARGET_GROUP_COLUMNS[2:]]
        if code and code not in codes:
            row.fail("municipality_code", _("is not a municipality of the trial"))
        if (code, as_of) in seen:
            row.fail("as_of", _("this municipality and day stand in the file already"))
        if counts == [0, 0]:
            row.fail("activity_ready", _("at least one of the target groups must have somebody in it"))
        seen.add((code, as_of))
        lines.append((code, as_of, *counts))
    table.raise_errors()
    done = Counter(enter_count(*line) for line in lines)
    return {name: done[name] for name in ("created", "updated", "unchanged")}


def enter_count(code: str, as_of: Any, resource_programme: Any, activity_ready: Any) -> str:
    """Save one municipality's count on a day; says whether it was created, updated or unchanged."""
    values = {"resource_programme": resource_programme, "activity_ready": activity_ready}
    with transaction.atomic():
        count, created = TargetGroupCount.objects.select_for_update().get_or_create(
            municipality_id=code, as_of=as_of, defaults=values
        )
        if created:
            return "created"
        if all(getattr(count, name) == value for name, value in values.items()):
            return "unchanged"
        for name, value in values.items():
            setattr(count, name, value)
        count.save()
        return "updated"
