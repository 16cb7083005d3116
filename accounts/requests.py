"""The request of a page that somebody has signed in to see: its user is one of ours."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class AuthenticatedRequest(HttpRequest):
    """A request behind `LoginRequiredMiddleware`."""

    user: User
    htmx: HtmxDetails
