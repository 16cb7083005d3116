"""What `/sundhed/` checks. Apart from its page, because the library takes long to import."""

import asyncio
import dataclasses

from django.core.cache import cache
from health_check.base import HealthCheck
from health_check.checks import Cache, Database
from health_check.exceptions import ServiceUnavailable

from jobfirst.health import HEARTBEAT


@dataclasses.dataclass
class Worker(HealthCheck):
    """That a worker has run a task of beat's lately."""

    def run(self) -> None:
        """Raise ServiceUnavailable when there was no heartbeat within HEARTBEAT_SECONDS."""
        if cache.get(HEARTBEAT) is None:
            raise ServiceUnavailable("no heartbeat of a worker")


class RedisStores(Cache):
    """That Redis stores a value; the default cache goes on without it."""

    alias = "redis"


CHECKS: tuple[type[HealthCheck], ...] = (Database, RedisStores, Worker)


async def is_healthy() -> bool:
    """Whether every check passes."""
    results = await asyncio.gather(*(check().get_result() for check in CHECKS))
    return not any(result.error for result in results)
