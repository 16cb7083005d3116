"""Extension points of monitoring: what waits to be sent, figures, and further checks of health."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class QueueState:
    """What waits to be sent: how many rows, since when the oldest does, and how many were given up."""

    waiting: int
    oldest: datetime.datetime | None
    dead: int = 0


@dataclass(frozen=True)
class Gauge:
    """A figure without personal data. `value` takes the moment; None when there is none yet."""

    name: str
    help: str
    value: Callable[[datetime.datetime], float | None]


@dataclass(frozen=True)
class HealthCheck:
    """A check of health with the code by which monitoring knows it. `is_fine` takes the moment."""

    code: str
    is_fine: Callable[[datetime.datetime], bool]


QueueReader = Callable[[datetime.datetime], QueueState]
_queues: dict[str, QueueReader] = {}
_gauges: dict[str, Gauge] = {}
_checks: dict[str, HealthCheck] = {}


def add_mail_queue(name: str, state: QueueReader) -> None:
    """Count what waits in this queue among the mails that wait."""
    _queues[name] = state


def add_gauges(*gauges: Gauge) -> None:
    """Show the figures among the metrics."""
    _gauges.update((gauge.name, gauge) for gauge in gauges)


def add_health_checks(*checks: HealthCheck) -> None:
    """Make the system unready when one of the checks fails."""
    _checks.update((check.code, check) for check in checks)


def mail_queues() -> dict[str, QueueReader]:
    """Return the queues by name."""
    return dict(sorted(_queues.items()))


def gauges() -> list[Gauge]:
    """Return the figures by name."""
    return [_gauges[name] for name in sorted(_gauges)]


def further_checks() -> list[HealthCheck]:
    """Return the checks of the apps by code."""
    return [_checks[code] for code in sorted(_checks)]
