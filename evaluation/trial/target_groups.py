"""The municipalities' own target groups, which both arms should mirror (D4): from a file or the form."""

import datetime
from collections import Counter
from typing import NamedTuple

from django.apps import apps
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import Municipality
from evaluation.models import TargetGroupCount
from jobfirst.exchange import FileTable
from jobfirst.kit.versioned import ensure_latest

TARGET_GROUP_COLUMNS = ("municipality_code", "as_of", "resource_programme", "activity_ready")

#: The highest number of citizens that is accepted; more is a typing error.
MOST_CITIZENS = 1_000_000


class MunicipalityCount(NamedTuple):
    """How many citizens a municipality has in each target group on a day."""

    municipality_code: str
    as_of: datetime.date
    resource_programme: int
    activity_ready: int


def import_target_groups(table: FileTable) -> dict[str, int]:
    """Save the municipalities' own target groups (D4); BadFile with every bad row otherwise.

    Returns how many were `created`, `updated` and `unchanged`. The same file again changes nothing.
    """
    municipalities = Municipality.objects.exclude(place=None)
    codes = set(municipalities.values_list("code", flat=True))
    municipality_days: set[tuple[str, datetime.date | None]] = set()
    lines: list[MunicipalityCount] = []
    for row in table:
        code, as_of = row.text("municipality_code", longest=4), row.date("as_of")
        resource_programme = row.integer("resource_programme", lowest=0, highest=MOST_CITIZENS)
        activity_ready = row.integer("activity_ready", lowest=0, highest=MOST_CITIZENS)
        if code and code not in codes:
            row.fail("municipality_code", _("is not a municipality of the trial"))
        if (code, as_of) in municipality_days:
            row.fail("as_of", _("this municipality and day stand in the file already"))
        if resource_programme == 0 and activity_ready == 0:
            row.fail("activity_ready", _("at least one of the target groups must have somebody in it"))
        municipality_days.add((code, as_of))
        if as_of is not None and resource_programme is not None and activity_ready is not None:
            lines.append(MunicipalityCount(code, as_of, resource_programme, activity_ready))
    table.raise_errors()
    outcomes = Counter(save_count(line) for line in lines)
    return {name: outcomes[name] for name in ("created", "updated", "unchanged")}


def save_count(line: MunicipalityCount, version: int | None = None) -> str:
    """Save one municipality's count on a day; return whether it was created, updated or unchanged.

    `version` is the one of the count that the form showed (0: none): `StaleError` when it is another one now.
    """
    values = {"resource_programme": line.resource_programme, "activity_ready": line.activity_ready}
    with transaction.atomic():
        count, created = TargetGroupCount.objects.select_for_update().get_or_create(
            municipality_id=line.municipality_code, as_of=line.as_of, defaults=values
        )
        if created:
            return "created"
        if all(getattr(count, name) == value for name, value in values.items()):
            return "unchanged"
        ensure_latest(count, version_of(count), version)
        for name, value in values.items():
            setattr(count, name, value)
        count.save()
        return "updated"


def version_of(count: TargetGroupCount) -> int:
    """Return the number of the count's last change in the history; no two counts have the same."""
    events = apps.get_model("evaluation", "TargetGroupCountEvent")._default_manager
    last_change = events.filter(pgh_obj=count.pk).aggregate(number=Max("pgh_id"))
    return int(last_change["number"])
