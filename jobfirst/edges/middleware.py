"""What every answer of the site tells the browser, and requests that are refused before anything reads them.

The outermost middleware but for the access log: pages, files, static files, redirects and errors all pass it.
"""

import math
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed

METHODS = ("GET", "HEAD", "POST")

#: What no page needs; the second step of sign-in may use a key of the site itself.
UNUSED_FEATURES = (
    *("accelerometer", "autoplay", "bluetooth", "browsing-topics", "camera", "display-capture"),
    *("encrypted-media", "fullscreen", "geolocation", "gyroscope", "hid", "idle-detection", "local-fonts"),
    *("magnetometer", "microphone", "midi", "payment", "picture-in-picture", "screen-wake-lock", "serial"),
    *("sync-xhr", "usb", "web-share", "xr-spatial-tracking"),
)
OWN_FEATURES = ("publickey-credentials-create", "publickey-credentials-get")
PERMISSIONS = ", ".join(
    [f"{name}=()" for name in UNUSED_FEATURES] + [f"{name}=(self)" for name in OWN_FEATURES]
)

HEADERS = {
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS,
    "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": settings.X_FRAME_OPTIONS,
    "X-Permitted-Cross-Domain-Policies": "none",
}
#: Of whatever is no page: a file that a browser opens all the same runs nothing and loads nothing.
POLICY_OF_FILES = "default-src 'none'; frame-ancestors 'none'; sandbox"
#: Jobcentres share machines: after signing out, the back button must not show a citizen's page.
NOT_STORED = "private, no-store"


class EdgeMiddleware:
    """Refuse methods that no page has (405) and bodies larger than any form takes (413); complete the headers
    of every answer.

    A view that sets one of the headers itself keeps its value, but for the policy of files.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._refusal(request) or self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if is_file(response) and not request.path.startswith(settings.STATIC_URL):
            response["Content-Security-Policy"] = POLICY_OF_FILES
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = NOT_STORED
        return response

    def _refusal(self, request: HttpRequest) -> HttpResponse | None:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        try:
            length = float(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = math.inf
        if not 0 <= length <= settings.JOBFIRST_MAX_REQUEST_BYTES:
            return HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return None


def is_file(response: HttpResponseBase) -> bool:
    """Whether the answer is something else than a page or a part of one."""
    content_type = response.headers.get("Content-Type", "").partition(";")[0]
    return response.headers.get("Content-Disposition", "").startswith("attachment") or (
        content_type not in {"", "text/html"}
    )
