"""The type of requests from signed-in users."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class AuthenticatedRequest(HttpRequest):
    """A request behind `accounts.middleware.SignInMiddleware`: its user is signed in."""

    user: User
    htmx: HtmxDetails
