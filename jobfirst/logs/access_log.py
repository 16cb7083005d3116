"""The access log: a line per request, with the name of the page instead of its address.

Addresses hold the secrets of links, and searches the names of citizens; the name of a page holds neither.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponseBase

from jobfirst.logs.context import LogContext, enter, leave, request_id_from
from jobfirst.logs.handlers import REASON
from jobfirst.logs.lines import FIELDS

HEADER = "X-Request-ID"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})
logger = logging.getLogger(__name__)


class QueryCount:
    """Counts the queries of a request, and the seconds that they took."""

    def __init__(self) -> None:
        self.count = 0
        self.seconds = 0.0

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            self.count += 1
            self.seconds += time.perf_counter() - begun


class AccessLogMiddleware:
    """Give each request an id, which its log lines, its tasks and its answer carry, and log the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        header = request.headers.get(HEADER) if settings.JOBFIRST_BEHIND_PROXY else None
        context = LogContext(request_id_from(header), request)
        token = enter(context)
        begun, queries = time.perf_counter(), QueryCount()
        try:
            with connection.execute_wrapper(queries):
                response = self.get_response(request)
            _log(request, response, time.perf_counter() - begun, queries)
            response[HEADER] = context.request_id
        finally:
            leave(token)
        return response


def _log(request: HttpRequest, response: HttpResponseBase, seconds: float, queries: QueryCount) -> None:
    fields = {
        "method": request.method if request.method in METHODS else "…",
        "route": route_of(request),
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
        "bytes": _size(response),
        "queries": queries.count,
        "db_ms": round(queries.seconds * 1000, 1),
    }
    if reason := getattr(request, REASON, None):
        fields["reason"] = reason
    message = "{method} {route} {status} {ms} ms".format(**fields)
    logger.info(message, extra={FIELDS: fields})


def route_of(request: HttpRequest) -> str:
    """Return the name of the page, `static` for a file of the site, and `-` where there is no page."""
    match = request.resolver_match
    if match is not None:
        return match.view_name or "-"
    return "static" if request.path_info.startswith(settings.STATIC_URL) else "-"


def _size(response: HttpResponseBase) -> int | None:
    """Return the bytes of the answer's body; None for one that is made while it is sent."""
    content = getattr(response, "content", None)
    if content is not None:
        return len(content)
    length = response.headers.get("Content-Length", "")
    return int(length) if length.isdigit() else None
