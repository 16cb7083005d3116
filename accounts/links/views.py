"""Asking for a new link in place of an expired, used or lost one (D44)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.links.pages import limit, public_page, set_language
from accounts.links.requests import request_link


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def new_link(request: HttpRequest) -> HttpResponse:
    """Store the request for a new link (POST), and say the same to everybody."""
    set_language(request)
    if request.method == "POST":
        limit(request, "request", key="")
        request_link(request.POST.get("secret", ""))
        return redirect("new_link")
    return render(request, "links/requested.html")
