"""The cookie by which a browser is known as one that has signed in as a person before.

It opens nothing: it only gives the browser a counter of failures of its own. It names the person by a keyed
hash of the address and the browser by a random number, signed, for HTTP only, on the sign-in page only.
"""

import secrets

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User

SALT = "accounts.known-device"
SIGNER = TimestampSigner(salt=SALT, sep=".")
COOKIE = "jobfirst_device"
PATH = "/konto/"
DAYS = 180
#: A machine of a jobcentre is used by several people; the latest are kept.
MOST_PEOPLE = 8


def device_of(request: HttpRequest, address: str) -> str | None:
    """Return the number of the browser, if it has signed in with this address before."""
    expected = _mark(address)
    for person, device in _entries(request):
        if constant_time_compare(person, expected):
            return device
    return None


def remember_on_answer(request: HttpRequest, user: User) -> None:
    """Have the answer to this request set the cookie (see `accounts.middleware.KnownDeviceMiddleware`)."""
    request.known_person = user.email  # type: ignore[attr-defined]  # read by the middleware


def set_cookie(request: HttpRequest, response: HttpResponse, address: str) -> None:
    """Add the person to those who are known in this browser, or renew the time that is left."""
    mark = _mark(address)
    device = device_of(request, address) or secrets.token_hex(8)
    others = [(person, number) for person, number in _entries(request) if person != mark]
    entries = [(mark, device), *others][:MOST_PEOPLE]
    response.set_cookie(
        COOKIE,
        SIGNER.sign("_".join(f"{person}-{number}" for person, number in entries)),
        max_age=DAYS * 24 * 60 * 60,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _entries(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the people and numbers of the cookie; none when it is missing, forged or old."""
    try:
        text = SIGNER.unsign(request.COOKIES.get(COOKIE, ""), max_age=DAYS * 24 * 60 * 60)
    except BadSignature:
        return []
    pairs = [entry.partition("-") for entry in text.split("_")]
    return [(person, number) for person, _hyphen, number in pairs if number]


def _mark(address: str) -> str:
    """Return the keyed hash of the address."""
    return salted_hmac(SALT, address.strip().lower(), algorithm="sha256").hexdigest()[:32]
