"""The thresholds of the core elements in the demo: agreed at the start, one raised half a year ago."""

import datetime

from evaluation.fidelity.models import ALL_NINE
from evaluation.models import FidelityThreshold
from jobfirst.values.dates import WEEK

#: From how many weeks before the day, of which element, how many percent, and why.
THRESHOLDS = (
    (48, ALL_NINE, 50, "Forsøgets eget mål ved starten."),
    (48, 1, 95, "Funktionerne skal være besat fra første dag."),
    (48, 6, 75, "Kontakten hver uge er kernen i støtten."),
    (24, 6, 80, "Hævet efter det andet møde i indsatsgruppen."),
)


def add_thresholds(on: datetime.date) -> None:
    """Store the thresholds as they were entered over the year."""
    for weeks, element, percent, reason in THRESHOLDS:
        FidelityThreshold.objects.create(
            element=element, valid_from=on - weeks * WEEK, percent=percent, reason=reason
        )
