"""Who may see more than an outsider: whoever has the token of monitoring."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

SCHEME = "Bearer "


def has_token(request: HttpRequest) -> bool:
    """Whether the request has `Authorization: Bearer TOKEN`; False while the settings have no token."""
    expected = settings.JOBFIRST_MONITORING_TOKEN
    header = request.headers.get("Authorization", "")
    is_bearer = header.startswith(SCHEME)
    return bool(expected) and is_bearer and constant_time_compare(header.removeprefix(SCHEME), expected)
