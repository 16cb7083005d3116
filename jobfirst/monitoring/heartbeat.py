"""The signs of life of worker and beat.

A task that beat queues every minute shows that beat, the broker and a worker work together. Besides, worker
and beat touch a file of their own (JOBFIRST_ALIVE_FILE), whose age is the health check of their container.
"""

from pathlib import Path

from django.conf import settings
from django.core.cache import cache
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


def touch_alive_file() -> None:
    """Touch the file of the process, if the settings name one; creates its folder."""
    if settings.JOBFIRST_ALIVE_FILE:
        file = Path(settings.JOBFIRST_ALIVE_FILE)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
