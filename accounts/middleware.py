"""What a signed-in person was shown is kept by no cache."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class PrivatePagesMiddleware:
    """Forbid the browser to keep the pages of somebody who is signed in.

    Jobcentres share machines: after signing out, the back button must not bring a citizen's page again.
    A view that says something itself (`Cache-Control`) is left alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response
