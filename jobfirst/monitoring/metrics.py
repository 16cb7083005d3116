"""The figures that Prometheus scrapes: requests by page and status, and the state of the background work.

Pages are names of the code, and the figures are counts and seconds: no person, no project.
"""

import datetime
from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily
from redis import Redis

from jobfirst.monitoring import heartbeat
from jobfirst.monitoring.extension_points import gauges, mail_queues
from jobfirst.row_security.context import all_projects

QUEUE = "celery"  # the one queue of this system
UNACKNOWLEDGED = "unacked"  # delivered to a worker, and not finished


class DomainCollector:
    """Reckons the figures of the apps whenever they are scraped."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the figures as of now."""
        with all_projects("what waits is counted, whatever project it is of"):
            figures = [*_mails(timezone.now()), *_gauges(timezone.now()), *_tasks()]
        yield from figures


def _gauges(now: datetime.datetime) -> Iterator[GaugeMetricFamily]:
    for gauge in gauges():
        value = gauge.value(now)
        if value is not None:
            yield GaugeMetricFamily(gauge.name, gauge.help, value=value)


def _mails(now: datetime.datetime) -> Iterator[GaugeMetricFamily]:
    waiting = GaugeMetricFamily("jobfirst_mails_waiting", "Mails that wait to be sent", labels=["queue"])
    dead = GaugeMetricFamily("jobfirst_mails_dead", "Mails that were given up", labels=["queue"])
    ages = GaugeMetricFamily(
        "jobfirst_oldest_mail_seconds", "Seconds since the oldest late mail was made", labels=["queue"]
    )
    for name, reader in mail_queues().items():
        state = reader(now)
        waiting.add_metric([name], state.waiting)
        dead.add_metric([name], state.dead)
        ages.add_metric([name], (now - state.oldest).total_seconds() if state.oldest else 0)
    yield from (waiting, dead, ages)


def _tasks() -> Iterator[GaugeMetricFamily]:
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    with Redis.from_url(settings.REDIS_URL) as client:
        waiting, running = client.llen(prefix + QUEUE), client.hlen(prefix + UNACKNOWLEDGED)
    yield GaugeMetricFamily("jobfirst_tasks_waiting", "Tasks that no worker has taken yet", value=waiting)
    yield GaugeMetricFamily("jobfirst_tasks_running", "Tasks that a worker has taken", value=running)
    is_heard = heartbeat.is_worker_heard()
    yield GaugeMetricFamily("jobfirst_worker_heard", "1 when a worker ran a task of beat's lately", is_heard)


def text() -> bytes:
    """Return all figures in the format of Prometheus."""
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry, path=settings.JOBFIRST_METRICS_DIR)
    registry.register(DomainCollector())
    return generate_latest(registry)
