"""Signing out: what the pages have kept in the browser goes with the session."""

from functools import wraps

from allauth.account import views as allauth
from django.http import HttpRequest, HttpResponse


@wraps(allauth.logout)
def sign_out(request: HttpRequest) -> HttpResponse:
    """Answer as allauth does; the browser removes the drafts that other tabs hold (static/drafts.js)."""
    response: HttpResponse = allauth.logout(request)
    if request.method == "POST":
        response["Clear-Site-Data"] = '"storage"'
    return response
