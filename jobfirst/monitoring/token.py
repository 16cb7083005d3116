"""Who may see more than an outsider: whoever has the token of monitoring."""

from django.conf import settings
from django.utils.crypto import constant_time_compare

SCHEME = "Bearer "


def is_token(header: str) -> bool:
    """Whether the header `Authorization` is `Bearer TOKEN`; False while the settings have no token."""
    expected = settings.JOBFIRST_MONITORING_TOKEN
    is_bearer = header.startswith(SCHEME)
    return bool(expected) and is_bearer and constant_time_compare(header.removeprefix(SCHEME), expected)
