"""Whether something of a citizen's has changed since a moment."""

import datetime

from cases.models import Citizen
from rights.report.coverage import is_history
from rights.report.gathering import GatheredRows


def changed_since(citizen: Citizen, moment: datetime.datetime) -> bool:
    """Whether a row of the citizen's was added, changed or removed after the moment, by the history."""
    rows = GatheredRows(citizen)
    return any(
        queryset.filter(pgh_created_at__gt=moment).exists()
        for model, queryset in rows.tables()
        if is_history(model)
    )
