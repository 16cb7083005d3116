"""Every 403 leaves a record, whichever way the view refused."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from audit.access import record_refused

RECORDED = "_refusal_is_recorded"


class RefusalMiddleware:
    """Record a PermissionDenied as refused, unless the view has done so with the citizen's name on it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Runs after the view's own transaction is rolled back, so the record stays."""
        if isinstance(exception, PermissionDenied) and not getattr(exception, RECORDED, False):
            match = request.resolver_match
            record_refused(request.user, (match.view_name if match else "") or "", request.path)


def recorded(exception: PermissionDenied) -> PermissionDenied:
    """Mark a refusal that the caller has recorded already."""
    setattr(exception, RECORDED, True)
    return exception
