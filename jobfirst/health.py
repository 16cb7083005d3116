"""`/sundhed/`: whether the system works, for monitoring, without details.

Healthy means that the database answers, that Redis stores a value, and that beat and a worker have exchanged
a task within the last minutes. Failures are written to the log.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

HEARTBEAT = "worker-heartbeat"
HEARTBEAT_SECONDS = 180  # three beats of a minute


def beat() -> None:
    """Record that a worker has run the heartbeat task."""
    cache.set(HEARTBEAT, 1, timeout=HEARTBEAT_SECONDS)


def is_worker_heard() -> bool:
    """Whether a worker has run the heartbeat task lately; False, too, when Redis does not answer."""
    try:
        return cache.get(HEARTBEAT) is not None
    except RedisError:
        return False


@login_not_required
@never_cache
@require_safe
@transaction.non_atomic_requests
def health(request: HttpRequest) -> HttpResponse:
    """Answer `OK` (200) or `FEJL` (503) as plain text."""
    from jobfirst.health_checks import is_healthy

    # The checks are asynchronous and the site is not: they get a thread, and a loop, of their own.
    with ThreadPoolExecutor(max_workers=1) as thread:
        healthy = thread.submit(asyncio.run, is_healthy()).result()
    return HttpResponse(
        "OK\n" if healthy else "FEJL\n",
        status=200 if healthy else 503,
        content_type="text/plain; charset=utf-8",
    )
