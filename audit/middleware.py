"""Recording every 403, however the view refused, and stating where the records of a request come from."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from pghistory.middleware import HistoryMiddleware as PghistoryMiddleware

from audit.access import record_refused
from audit.downloads import record_download
from audit.limits import TooOftenError, too_often_page
from audit.origin import origin_of, set_request

RECORDED = "_refusal_is_recorded"


class HistoryMiddleware(PghistoryMiddleware):
    """State to the history who changes something, on which page, and as access records do from where: the IP
    address and the beginning of the hash of the session's key."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        """Return what the context of the request's changes holds."""
        origin = origin_of(request)
        return {**super().get_context(request), "ip": origin.ip, "session": origin.session}


class RefusalMiddleware:
    """Record a PermissionDenied as refused, unless the view has recorded it with the citizen.

    Also states to all records of the request where it comes from, counts the files that a person fetches, and
    answers when a limit is met (`audit.limits`).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        set_request(request)
        try:
            return self.get_response(request)
        finally:
            set_request(None)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], *_arguments: Any
    ) -> HttpResponse | None:
        """Record that a file is asked for, before the view makes it."""
        try:
            record_download(request, view)
        except TooOftenError as error:
            return too_often_page(request, error)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Record the refusal. Runs after the rollback of the view's transaction, so that the record stays."""
        if isinstance(exception, TooOftenError):  # recorded where the limit is
            return too_often_page(request, exception)
        if isinstance(exception, PermissionDenied) and not getattr(exception, RECORDED, False):
            match = request.resolver_match
            record_refused(request.user, (match.view_name if match else "") or "", request.path)
        return None


def mark_recorded(exception: PermissionDenied) -> PermissionDenied:
    """Mark a refusal as recorded, and return it."""
    setattr(exception, RECORDED, True)
    return exception
