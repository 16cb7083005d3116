"""The cache in Redis, which goes on without Redis: pages and sign-in must not depend on it.

While Redis does not answer, or refuses (full, read-only), each process has a cache of its own in memory. What
is cached is drawn anew, and failed sign-ins are counted by each process, so the lock-out goes on.
"""

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

#: So long nobody asks Redis again after a failure: requests must not all wait for its time-out.
PAUSE_SECONDS = 5.0
#: All threads of a process share the memory under this name.
LOCAL = "without-redis"


class RedisPause:
    """Until when a Redis is not asked, for all threads of the process."""

    def __init__(self) -> None:
        self._until = 0.0
        self._lock = threading.Lock()

    def holds(self) -> bool:
        return time.monotonic() < self._until

    def begin(self, error: RedisError) -> None:
        """Begin a pause, with one line in the log."""
        with self._lock:
            if not self.holds():
                logger.warning("Redis does not serve the cache (%s)", type(error).__name__)
            self._until = time.monotonic() + PAUSE_SECONDS


_pauses: dict[str, RedisPause] = defaultdict(RedisPause)


class ResilientCache(RedisCache):
    """Redis, or this process's memory for some seconds after Redis has failed."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._local = LocMemCache(LOCAL, {**params, "OPTIONS": {}})
        self._pause = _pauses[server]

    def _call(self, redis_method: Callable[..., Any], name: str, *args: Any, **kwargs: Any) -> Any:
        if not self._pause.holds():
            try:
                return redis_method(*args, **kwargs)
            except RedisError as error:
                self._pause.begin(error)
        return getattr(self._local, name)(*args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> Any:
        return self._call(super().add, "add", *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._call(super().get, "get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        return self._call(super().set, "set", *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        return self._call(super().touch, "touch", *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return self._call(super().delete, "delete", *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._call(super().get_many, "get_many", *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> Any:
        return self._call(super().has_key, "has_key", *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        return self._call(super().incr, "incr", *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._call(super().set_many, "set_many", *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._call(super().delete_many, "delete_many", *args, **kwargs)

    def clear(self) -> Any:
        return self._call(super().clear, "clear")
