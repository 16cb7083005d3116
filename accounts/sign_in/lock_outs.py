"""Closing sign-in after failures, so that a stranger can neither guess on nor shut the owner out.

Failures are counted for an address with each network, for a network, and for an address as a whole
(docs/decisions, "Lock-out"). A browser that has signed in as the person before (`known_devices`) has a
counter of its own: what others fail with the address does not concern it.
"""

import logging
import math
import time
from typing import NamedTuple

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest
from django.shortcuts import render

from accounts.security_log.records import record_failure
from accounts.sign_in import known_devices
from audit.models import SecurityKind

logger = logging.getLogger(__name__)

FAILURES = {"app": "allauth.account", "action": "login_failed"}
SECONDS_BETWEEN_RECORDS = 60
#: Failures of one address from anywhere: the bound for somebody who guesses from many networks.
OF_ADDRESS = ratelimit.Rate(amount=20, duration=60 * 60, per="key")


class LockOut(NamedTuple):
    """The seconds until sign-in opens again, and the name of the counter of failures that closed it."""

    seconds: int
    counter: str


class CountedRate(NamedTuple):
    """A rate and what it is counted for."""

    rate: ratelimit.Rate
    key: str


def count_attempt(request: HttpRequest, address: str) -> ratelimit.RateLimitUsage:
    """Count an attempt as failed; `rollback()` of the result takes that back. Refuse it beyond a rate.

    Checked and counted under a lock: attempts at the same time cannot pass together.
    """
    usage = ratelimit.RateLimitUsage(usage=[])
    now = time.time()
    for rate, key in counted_rates(request, address):
        counter = _counter(request, rate, key)
        with ratelimit.cache_lock(counter) as is_locked:
            is_allowed, failures = ratelimit.apply_rate(cache.get(counter, []), now, rate)
            if is_locked and is_allowed:
                cache.set(counter, failures, rate.duration)
        if not (is_locked and is_allowed):
            usage.rollback()
            raise lock_out_response(request, int(rate.duration))
        usage.usage.append(
            ratelimit.SingleRateLimitUsage(cache_key=counter, timestamp=now, cache_duration=rate.duration)
        )
    return usage


def counted_rates(request: HttpRequest, address: str) -> list[CountedRate]:
    """Return what failures of this request are counted for.

    1. From a browser known for the address: that browser.
    2. From any other: the address from this network, the network, and the address as a whole.
    """
    address = address.strip().lower()
    device = known_devices.device_of(request, address)
    place = f"device {device}" if device else f"network {ratelimit.get_ip(request)}"
    rates = [CountedRate(rate, f"{address} {place}") for rate in ratelimit.get_rates(**FAILURES)]
    if device:
        return [counted for counted in rates if counted.rate.per == "key"]
    return [*rates, CountedRate(OF_ADDRESS, address)]


def forget_failures(request: HttpRequest, address: str) -> None:
    """Open sign-in with the address again, for this browser and network and as a whole."""
    for rate, key in counted_rates(request, address):
        if rate.per == "key":
            cache.delete(_counter(request, rate, key))


def refuse_while_locked_out(request: HttpRequest, address: str) -> None:
    """Raise the page of the lock-out while the address or the network is locked out for this browser.

    A record tells of it when the lock-out begins, and at most once a minute while attempts go on: records are
    kept for good, and anybody can attempt.
    """
    lock_out = _longest_lock_out(request, address)
    if lock_out is None:
        return
    if cache.add(f"{lock_out.counter}:recorded", True, timeout=SECONDS_BETWEEN_RECORDS):
        record_failure(request, address, SecurityKind.LOCKED_OUT)
    raise lock_out_response(request, lock_out.seconds)


def _longest_lock_out(request: HttpRequest, address: str) -> LockOut | None:
    """Return the lock-out that lasts longest; None when another attempt is free."""
    now, lock_outs = time.time(), []
    for rate, key in counted_rates(request, address):
        counter = _counter(request, rate, key)
        failures = cache.get(counter, [])
        if len(failures) >= rate.amount:  # newest first: the amount-th must expire
            seconds = math.ceil(failures[rate.amount - 1] + rate.duration - now)
            lock_outs.append(LockOut(seconds, counter))
    return max((lock_out for lock_out in lock_outs if lock_out.seconds > 0), default=None)


def _counter(request: HttpRequest, rate: ratelimit.Rate, key: str) -> str:
    name: str = ratelimit.get_cache_key(request, rate=rate, key=key, **FAILURES)
    return name


def lock_out_response(request: HttpRequest, seconds: int) -> ImmediateHttpResponse:
    """Return the answer to an attempt while locked out: a page that says how many minutes are left."""
    logger.warning("sign-in closed for %d s after repeated failures", seconds)
    answer = render(request, "429.html", {"minutes": math.ceil(seconds / 60)}, status=429)
    answer["Retry-After"] = str(seconds)
    return ImmediateHttpResponse(answer)
