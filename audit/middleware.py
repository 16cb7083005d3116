"""Recording every 403, however the view refused, and stating where the records of a request come from."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from audit.access import record_refused
from audit.origin import set_request

RECORDED = "_refusal_is_recorded"


class RefusalMiddleware:
    """Record a PermissionDenied as refused, unless the view has recorded it with the citizen.

    Also states to all records of the request where it comes from.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        set_request(request)
        try:
            return self.get_response(request)
        finally:
            set_request(None)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Record the refusal. Runs after the rollback of the view's transaction, so that the record stays."""
        if isinstance(exception, PermissionDenied) and not getattr(exception, RECORDED, False):
            match = request.resolver_match
            record_refused(request.user, (match.view_name if match else "") or "", request.path)


def mark_recorded(exception: PermissionDenied) -> PermissionDenied:
    """Mark a refusal as recorded, and return it."""
    setattr(exception, RECORDED, True)
    return exception
