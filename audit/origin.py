"""Where a request comes from: the IP address and the session, as the records hold them."""

import hashlib
import re
from contextvars import ContextVar
from dataclasses import dataclass

from allauth.core.internal.httpkit import get_client_ip
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

SHOWN_OF_HASH = 16
#: No digits: whoever types an address may put anything before the "=".
FILTER_NAME = re.compile(r"[a-z_]{1,30}")


#: A CPR number that somebody typed into an address. (The groups of a public id are longer or shorter.)
CPR_IN_ADDRESS = re.compile(r"(?<![0-9A-Za-z])[0-9]{6}[-_.]?[0-9]{4}(?![0-9A-Za-z])")
LONGEST_ASKED_FOR = 80


def asked_for(address: object) -> str:
    """Return what was asked for as the records hold it: no CPR number, which anybody can type there."""
    return CPR_IN_ADDRESS.sub("…", str(address))[:LONGEST_ASKED_FOR]


@dataclass(frozen=True)
class Origin:
    """Of a request; empty outside requests. `filters` are the names of what the list was filtered by."""

    ip: str | None = None
    session: str = ""
    filters: str = ""


_request: ContextVar[HttpRequest | None] = ContextVar("request of the records", default=None)


def set_request(request: HttpRequest | None) -> None:
    """State the request that is being answered; None after it."""
    _request.set(request)


def current_request() -> HttpRequest | None:
    """Return the request that is being answered; None outside requests."""
    return _request.get()


def current_origin() -> Origin:
    """Return where the request that is being answered comes from. No query."""
    request = _request.get()
    return Origin() if request is None else origin_of(request)


def origin_of(request: HttpRequest) -> Origin:
    """Return where the request comes from. No query: the session's key is that of the cookie."""
    session = getattr(request, "session", None)
    return Origin(_ip(request), session_mark(session.session_key if session else None), _filters(request))


def session_mark(key: str | None) -> str:
    """Return the beginning of the SHA-256 of a session's key, which tells sessions apart and opens none."""
    return hashlib.sha256(key.encode()).hexdigest()[:SHOWN_OF_HASH] if key else ""


def _ip(request: HttpRequest) -> str | None:
    """Return the address of the caller, behind as many proxies as the settings trust; None if unknown."""
    try:
        ip: str | None = get_client_ip(request)
    except (ImproperlyConfigured, ValueError):
        ip = None
    return ip


def _filters(request: HttpRequest) -> str:
    """Return the names of the parameters in the address that have a value, never the values: "?name,sort"."""
    names = sorted(name for name, value in request.GET.items() if value and FILTER_NAME.fullmatch(name))
    return f"?{','.join(names)}"[:80] if names else ""
