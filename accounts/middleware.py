"""Pages need a signed-in user, and browsers do not cache the pages of one."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

#: What the browser has stored of the site. Not the cookies: it would also remove those of other hosts of the
#: municipality's domain; the session has ended, whatever its cookie says.
CLEARED_AT_SIGN_OUT = '"cache", "storage"'


class SignInMiddleware(LoginRequiredMiddleware):
    """Deny by default: a page needs a signed-in user unless its view says otherwise.

    A request of htmx is answered so that the browser goes to the sign-in page, and afterwards back to what it
    shows now. As a mere redirect the sign-in page would be put into a part of that page.
    """

    def handle_no_permission(  # type: ignore[override]  # htmx is sent on by another kind of redirect
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        """Send the browser to the sign-in page, and afterwards back: to the address of the request, or to
        the `return_address` of a view whose address may hold what no page is to show."""
        if request.headers.get("HX-Request") != "true":
            return_address = getattr(view_func, "return_address", None)
            if return_address is None:
                return super().handle_no_permission(request, view_func)
            sign_in_url = resolve_url(self.get_login_url(view_func))
            return redirect_to_login(
                return_address(request), sign_in_url, self.get_redirect_field_name(view_func)
            )
        page = urlsplit(request.headers.get("HX-Current-URL", ""))
        query = {
            self.get_redirect_field_name(view_func): f"{page.path}?{page.query}" if page.query else page.path
        }
        return HttpResponseClientRedirect(f"{resolve_url(self.get_login_url(view_func))}?{urlencode(query)}")


class PrivatePagesMiddleware:
    """Forbid browsers to cache the pages of signed-in users.

    Jobcentres share machines: after signing out, the back button must not show a citizen's page, and the
    browser is told to forget what it has stored. A view that sets `Cache-Control` itself keeps its value.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        if _is_sign_out(request):
            response.headers.setdefault("Clear-Site-Data", CLEARED_AT_SIGN_OUT)
        return response


def _is_sign_out(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.view_name == "account_logout" and request.method == "POST"
