"""The authorization code flow: state, nonce and PKCE, and the checks of the id token."""

import base64
import hashlib
import secrets
import time
from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import urlencode

import jwt
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import QueryDict
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from accounts.oidc import provider
from accounts.oidc.refusals import Refusal, RefusedSignInError

SESSION_KEY = "oidc"
SECONDS_FOR_SIGN_IN = 10 * 60
SECONDS_OF_CLOCK_DIFFERENCE = 60
SCOPE = "openid email profile"
#: Only signatures by a key of the provider's: neither "none" nor a secret that both sides know.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
REQUIRED = ("exp", "iat", "iss", "aud", "sub", "nonce")


class SignedInElsewhere(NamedTuple):
    """The verified claims, and where the person wanted to go."""

    issuer: str
    claims: dict[str, Any]
    next_url: str


def begin(session: SessionBase, next_url: str, *, again: bool = False) -> str:
    """Return the provider's address to go to; the session keeps what its answer must match.

    `again`: the provider must ask who it is, even if it knows.
    """
    config = provider.configuration()
    state, nonce, verifier = (secrets.token_urlsafe(32) for _number in range(3))
    session[SESSION_KEY] = {
        "state": state,
        "nonce": nonce,
        "verifier": verifier,
        "next": next_url,
        "at": time.time(),
        "again": again,
    }
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    query = {
        "response_type": "code",
        "client_id": settings.JOBFIRST_OIDC_CLIENT_ID,
        "redirect_uri": redirect_uri(),
        "scope": SCOPE,
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    if again:
        query |= {"prompt": "login", "max_age": "0"}
    separator = "&" if "?" in config.authorization_endpoint else "?"
    return f"{config.authorization_endpoint}{separator}{urlencode(query)}"


def finish(session: SessionBase, answer: QueryDict) -> SignedInElsewhere:
    """Return the claims for the provider's answer; RefusedSignInError when anything is not as it must be.

    1. The answer belongs to the sign-in that this session began, which it ends.
    2. The code is exchanged for tokens, with the client's secret and the PKCE verifier.
    3. The id token is verified: signature, issuer, audience, times, nonce.
    4. Claims that it lacks are asked for; they must be of the same subject.
    """
    begun = session.pop(SESSION_KEY, None)
    if not begun or time.time() - begun["at"] > SECONDS_FOR_SIGN_IN:
        raise RefusedSignInError(Refusal.STATE)
    if not constant_time_compare(answer.get("state", ""), begun["state"]):
        raise RefusedSignInError(Refusal.STATE)
    if "error" in answer or not answer.get("code"):
        raise RefusedSignInError(Refusal.DENIED)
    config = provider.configuration()
    tokens = provider.tokens(config, str(answer["code"]), begun["verifier"], redirect_uri())
    claims = verified_claims(config, tokens.get("id_token"), begun["nonce"])
    if begun["again"] and checked_at(claims) < begun["at"] - SECONDS_OF_CLOCK_DIFFERENCE:
        raise RefusedSignInError(Refusal.TOKEN)
    if "email" not in claims or settings.JOBFIRST_OIDC_ROLES_CLAIM not in {"", *claims}:
        more = provider.user_information(config, str(tokens.get("access_token") or ""))
        if more and more.get("sub") != claims["sub"]:
            raise RefusedSignInError(Refusal.TOKEN)
        claims = more | claims
    return SignedInElsewhere(config.issuer, claims, begun["next"])


def verified_claims(config: provider.Configuration, id_token: object, nonce: str) -> dict[str, Any]:
    """Return the claims of an id token whose signature, issuer, audience, times and nonce are right."""
    claims = signed_claims(config, str(id_token), REQUIRED)
    if not constant_time_compare(str(claims["nonce"]), nonce):
        raise RefusedSignInError(Refusal.TOKEN)
    client = settings.JOBFIRST_OIDC_CLIENT_ID
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != client:
        raise RefusedSignInError(Refusal.TOKEN)
    return claims


def signed_claims(config: provider.Configuration, token: str, required: Iterable[str]) -> dict[str, Any]:
    """Return the claims of a token that the provider made for us: signed, in time, with what it needs."""
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise RefusedSignInError(Refusal.TOKEN)
        claims: dict[str, Any] = jwt.decode(
            token,
            _key(provider.keys(config), header.get("kid")),
            algorithms=[header["alg"]],
            audience=settings.JOBFIRST_OIDC_CLIENT_ID,
            issuer=config.issuer,
            leeway=SECONDS_OF_CLOCK_DIFFERENCE,
            options={"require": list(required)},
        )
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise RefusedSignInError(Refusal.TOKEN) from error
    return claims


def checked_at(claims: dict[str, Any]) -> float:
    """Return when the provider last asked who it is, in seconds since 1970; 0 when it does not say."""
    stated = claims.get("auth_time")
    return float(stated) if isinstance(stated, int | float) else 0.0


def _key(data: dict[str, Any], number: str | None) -> jwt.PyJWK:
    """Return the provider's signing key with this id; without an id the only one."""
    keys = [key for key in jwt.PyJWKSet.from_dict(data).keys if key.public_key_use in {None, "sig"}]
    if number is not None:
        keys = [key for key in keys if key.key_id == number]
    if len(keys) != 1:
        raise RefusedSignInError(Refusal.TOKEN)
    return keys[0]


def redirect_uri() -> str:
    """Return the address that the provider sends people back to; it is registered there."""
    return str(settings.JOBFIRST_BASE_URL) + reverse("oidc_callback")
