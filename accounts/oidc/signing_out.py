"""Signing out on both sides: there after signing out here, and here when the provider says so.

OpenID Connect RP-Initiated Logout 1.0 without an id token (none is kept, and an address is no place for one),
and Back-Channel Logout 1.0: a signed logout token ends the sessions of its subject.
"""

import hashlib
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import Identity, User
from accounts.oidc import flow, provider
from accounts.oidc.refusals import Refusal, RefusedSignInError
from accounts.sign_in import sessions
from accounts.sign_in.recent_checks import CHECKED
from jobfirst.settings.sign_in import PROVIDER_URL

EVENT = "http://schemas.openid.net/event/backchannel-logout"
LONGEST_TOKEN = 20_000  # characters
LONGEST_LIFE = 24 * 60 * 60  # seconds for which the number of a used token is remembered
REQUIRED = ("iss", "aud", "iat", "exp", "jti", "events", "sub")


def is_signed_in_there(request: HttpRequest) -> bool:
    """Whether the person of the session signed in at the provider."""
    return any(CHECKED in record for record in get_authentication_records(request, request.user))


def address_to_sign_out() -> str:
    """Return the provider's page for signing out, which leads back here; our own page of sign-in when the
    provider has none, or does not answer."""
    back = reverse("account_login")
    try:
        endpoint = provider.configuration().end_session_endpoint
    except RefusedSignInError:
        return back
    if not PROVIDER_URL.fullmatch(str(endpoint)):
        return back
    query = {
        "client_id": settings.JOBFIRST_OIDC_CLIENT_ID,
        "post_logout_redirect_uri": f"{settings.JOBFIRST_BASE_URL}{back}",
    }
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"


def end_sessions_by(token: str) -> int:
    """End the sessions of the person whom the logout token names; return how many were open.

    RefusedSignInError when the token is not the provider's, not for us, not for this, or was used before.
    """
    claims = flow.signed_claims(provider.configuration(), token, REQUIRED)
    events = claims["events"]
    is_logout = isinstance(events, dict) and isinstance(events.get(EVENT), dict)
    number = f"oidc-logout:{hashlib.sha256(str(claims['jti']).encode()).hexdigest()}"
    if not is_logout or "nonce" in claims or cache.get(number):  # an id token is no logout token
        raise RefusedSignInError(Refusal.TOKEN)
    identity = Identity.objects.filter(issuer=claims["iss"], subject=str(claims["sub"])).first()
    count = 0
    if identity is not None:  # otherwise somebody who has never signed in here
        count = sessions.close_all_sessions(User.objects.get(pk=identity.user_id), "identity_provider")
    life = int(claims["exp"]) - int(claims["iat"]) + 2 * flow.SECONDS_OF_CLOCK_DIFFERENCE
    cache.set(number, True, timeout=min(max(life, 60), LONGEST_LIFE))
    return count
