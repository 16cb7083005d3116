"""Limits of what one person does within an hour and a day, counted in the database.

Two requests of a person at the same time are counted one after the other (`LockKey.USAGE`), on whichever
web hosts they are. A request beyond a limit is refused at once, with the time from which the next one is
possible: the oldest of those counted must first be longer ago than the hour or the day.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from audit.access import record_refused
from audit.models import AccessRecord
from audit.usage import LIMIT_ACTION, Usage, records_of
from jobfirst.database.advisory_locks import LockKey, lock_part
from jobfirst.kit.pages import wants_fragment
from jobfirst.settings.rates import Limit, parsed_limits

MOST_32_BITS = 2**31 - 1


class TooOftenError(ValidationError):
    """A limit of the usage is met; the next one is possible at `free_at`.

    A form shows it like any other error; elsewhere the answer is a page (429).
    """

    def __init__(self, usage: Usage, free_at: datetime.datetime, now: datetime.datetime) -> None:
        self.usage = usage
        self.free_at = free_at
        #: Seconds until then, at least one.
        self.wait = max(1, int((free_at - now).total_seconds()) + 1)
        super().__init__(_too_often_in_words(usage, free_at, now), code="too_often")


def _too_often_in_words(usage: Usage, free_at: datetime.datetime, now: datetime.datetime) -> str:
    local, today = timezone.localtime(free_at), timezone.localtime(now).date()
    # Rounded up to the minute, so that the time is not too early.
    local = (local + datetime.timedelta(seconds=59)).replace(second=0, microsecond=0)
    style = "TIME_FORMAT" if local.date() == today else "DATETIME_FORMAT"
    words = {
        Usage.CPR_SEARCH: _("That was many searches by CPR number. You can search again %(time)s."),
        Usage.NAME_SEARCH: _("That was many searches by name. You can search again %(time)s."),
        Usage.OPENING: _("That was many colleagues' courses. You can open the next one %(time)s."),
        Usage.DOWNLOAD: _("That was many files. You can fetch the next one %(time)s."),
        Usage.UPLOAD: _("That was many files. You can send the next one %(time)s."),
    }
    return words[usage] % {"time": date_format(local, style)}


def limits_of(usage: Usage) -> tuple[Limit, ...]:
    """Return the limits of the usage by the settings: `40/hour,150/day`; none when it is `off`."""
    return parsed_limits(settings.JOBFIRST_LIMITS[usage])


@contextmanager
def counted(user: Any, usage: Usage) -> Iterator[None]:
    """Let the user do it once more, if no limit is met; the block records it (`audit.usage.ACTIONS`).

    TooOftenError, recorded as a refusal, when a limit is met; then the block is not run. The block is one
    transaction with the count, so that two requests never both take the last place.
    """
    try:
        with transaction.atomic():
            lock_part(LockKey.USAGE, user.pk % MOST_32_BITS)
            _ensure_below(user, usage)
            yield
    except TooOftenError as error:
        record_refused(user, LIMIT_ACTION, error.usage)
        raise


def _ensure_below(user: Any, usage: Usage) -> None:
    """Raise TooOftenError when a limit is met. One query, in the order of the index of the user's records."""
    limits = limits_of(usage)
    if not limits:
        return
    longest = max(limit.window for limit in limits)
    records = AccessRecord.objects.filter(records_of(usage), user=user, at__gt=Now() - longest)
    rows = records.order_by("-at").values_list("at", Now())[: max(limit.number for limit in limits)]
    moments, nows = [row[0] for row in rows], [row[1] for row in rows]
    free_at = [
        moments[limit.number - 1] + limit.window
        for limit in limits
        if len(moments) >= limit.number and moments[limit.number - 1] > nows[0] - limit.window
    ]
    if free_at:
        raise TooOftenError(usage, max(free_at), nows[0])


def too_often_page(request: HttpRequest, error: TooOftenError) -> HttpResponse:
    """Answer 429: what was too much, and when it is possible again."""
    is_part = wants_fragment(request)
    template = "audit/_too_often.html" if is_part else "audit/too_often.html"
    response = render(request, template, {"text": error.message}, status=429)
    response["Retry-After"] = str(error.wait)
    if is_part:
        response["HX-Retarget"], response["HX-Reswap"] = "#main-content", "innerHTML"
    return response
