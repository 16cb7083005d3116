"""Whether the system works: `/sundhed/`, for monitoring, with no details for strangers.

Healthy means that the database answers, that Redis keeps what it is given, and that beat and a worker have
passed a task between them within the last minutes. What is wrong stands in the log.
"""

import asyncio
import dataclasses
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from health_check.base import HealthCheck
from health_check.checks import Cache, Database
from health_check.exceptions import ServiceUnavailable
from health_check.views import HealthCheckView

HEARTBEAT = "worker-heartbeat"
HEARTBEAT_SECONDS = 180  # three beats of a minute


def beat() -> None:
    """Remember that a worker is at work."""
    cache.set(HEARTBEAT, 1, timeout=HEARTBEAT_SECONDS)


@dataclasses.dataclass
class Worker(HealthCheck):
    """That a worker has run a task of beat's lately."""

    def run(self) -> None:
        """Raise ServiceUnavailable when there was no heartbeat within HEARTBEAT_SECONDS."""
        if cache.get(HEARTBEAT) is None:
            raise ServiceUnavailable("no heartbeat of a worker")


class Health(HealthCheckView):
    """`OK` (200) or `FEJL` (503), as plain text, and nothing else."""

    checks = (Database, Cache, Worker)
    http_method_names = ["get", "head"]

    async def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        results = await asyncio.gather(*(check.get_result() for check in self.get_checks()))
        healthy = not any(result.error for result in results)
        return HttpResponse(
            "OK\n" if healthy else "FEJL\n",
            status=200 if healthy else 503,
            content_type="text/plain; charset=utf-8",
        )


health = login_not_required(Health.as_view())
