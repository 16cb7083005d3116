"""What an approved statement rests on stays as it is: the project's dates and its target count (D29, D30)."""

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Max
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.extension_points import Changes
from grants.models import Statement


def approved_stays(changes: Changes) -> dict[int, dict[str, str]]:
    """Object to other dates or another target count of a project with an approved statement.

    A project may still end earlier or later, as long as it lasts beyond what is approved.
    """
    rows = Statement.objects.approved().filter(project__in=changes).order_by()
    days = dict(rows.values_list("project_id").annotate(Max("cut_off")))
    return {pk: dict(_said(changes[pk], day)) for pk, day in days.items()}


def _said(changed: Mapping[str, tuple[Any, Any]], approved: datetime.date) -> Iterator[tuple[str, str]]:
    day = {"day": date_format(approved)}
    if "target_count" in changed:
        yield "target_count", _("a statement up to %(day)s is approved: enter an award instead") % day
    if "starts_on" in changed:
        yield "starts_on", _("a statement up to %(day)s is approved: the day stays as it is") % day
    ends = [end for end in changed.get("ends_on", ()) if end is not None]
    if ends and min(ends) < approved:
        yield "ends_on", _("a statement up to %(day)s is approved: the project cannot end before") % day
