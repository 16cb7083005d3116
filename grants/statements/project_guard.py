"""Guards the project's dates and target count that an approved statement rests on (D29, D30)."""

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Max
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.extension_points import Changes
from grants.models import Statement


def object_to_changes(changes: Changes) -> dict[int, dict[str, str]]:
    """Return objections, by project id and field, to changes of projects with an approved statement.

    The end may change as long as it is not before the approved cut-off.
    """
    rows = Statement.objects.approved().filter(project__in=changes).order_by()
    days = dict(rows.values_list("project_id").annotate(Max("cut_off")))
    return {pk: dict(_objections(changes[pk], day)) for pk, day in days.items()}


def _objections(changed: Mapping[str, tuple[Any, Any]], approved: datetime.date) -> Iterator[tuple[str, str]]:
    day = {"day": date_format(approved)}
    if "target_count" in changed:
        yield "target_count", _("a statement up to %(day)s is approved: enter an award instead") % day
    if "starts_on" in changed:
        yield "starts_on", _("a statement up to %(day)s is approved: the day stays as it is") % day
    ends = [end for end in changed.get("ends_on", ()) if end is not None]
    if ends and min(ends) < approved:
        yield "ends_on", _("a statement up to %(day)s is approved: the project cannot end before") % day
