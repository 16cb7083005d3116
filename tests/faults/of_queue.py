"""Faults of Redis. What is due is in the database: pages and writes go on without it."""

import os
import signal

import redis

from tests.faults.run import Run


def redis_killed(run: Run) -> None:
    """Kill -9 Redis; it is back at once."""
    run.system.kill("redis")
    run.write_for(2)


def redis_gone(run: Run) -> None:
    """No Redis for eight seconds: people must be able to write meanwhile."""
    server = run.system.redis
    server.stop()
    _expect_writes(run, 8)
    server.start(lambda: True)


def redis_restarted_empty(run: Run) -> None:
    """Redis comes back without anything in it."""
    run.system.empty_redis()
    run.system.kill("redis")
    run.write_for(2)


def redis_read_only(run: Run) -> None:
    """Redis refuses to write, as a replica after a failover does."""
    client = _client(run)
    client.replicaof("127.0.0.1", "1")
    _expect_writes(run, 5)
    client.replicaof("NO", "ONE")
    client.close()


def redis_full(run: Run) -> None:
    """Redis has no memory left and evicts nothing."""
    client = _client(run)
    client.config_set("maxmemory", 1)
    _expect_writes(run, 5)
    client.config_set("maxmemory", 0)
    client.close()


def redis_hangs(run: Run) -> None:
    """Redis takes connections and does not answer, for twelve seconds."""
    assert run.system.redis.process is not None
    os.kill(run.system.redis.process.pid, signal.SIGSTOP)
    _expect_writes(run, 12)
    os.kill(run.system.redis.process.pid, signal.SIGCONT)


def _expect_writes(run: Run, seconds: float) -> None:
    before = len(run.writers.acknowledged())
    run.write_for(seconds)
    run.expect_pages()
    count = len(run.writers.acknowledged()) - before
    run.expect(count >= len(run.writers.writers), f"only {count} writes in {seconds:.0f} s without Redis")


def _client(run: Run) -> redis.Redis:
    return redis.Redis.from_url(run.system.environment["REDIS_URL"])
