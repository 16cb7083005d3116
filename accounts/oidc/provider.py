"""Asking the identity provider: its configuration, its keys, and the tokens for a code."""

import base64
import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings

from accounts.oidc.refusals import Refusal, RefusedSignInError
from jobfirst.edges.direct_requests import direct_opener
from jobfirst.settings.sign_in import PROVIDER_URL, WELL_KNOWN

TIMEOUT = 10  # seconds
MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class Configuration:
    """What the provider says of itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    end_session_endpoint: str = ""
    takes_secret_in_form: bool = False


def configuration() -> Configuration:
    """Return the provider's configuration; refused when it is of another issuer than its address says."""
    data = _ask(settings.JOBFIRST_OIDC_URL)
    try:
        methods = data.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        answered = Configuration(
            issuer=data["issuer"],
            authorization_endpoint=data["authorization_endpoint"],
            token_endpoint=data["token_endpoint"],
            jwks_uri=data["jwks_uri"],
            userinfo_endpoint=data.get("userinfo_endpoint", ""),
            end_session_endpoint=data.get("end_session_endpoint") or "",
            takes_secret_in_form="client_secret_basic" not in methods,
        )
    except (KeyError, TypeError) as error:
        raise RefusedSignInError(Refusal.PROVIDER) from error
    if answered.issuer.rstrip("/") + WELL_KNOWN != settings.JOBFIRST_OIDC_URL:
        raise RefusedSignInError(Refusal.TOKEN)
    return answered


def tokens(config: Configuration, code: str, verifier: str, redirect_uri: str) -> dict[str, Any]:
    """Return what the provider gives for the code: `id_token` and `access_token`."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
    }
    client, secret = settings.JOBFIRST_OIDC_CLIENT_ID, settings.JOBFIRST_OIDC_CLIENT_SECRET
    headers = {}
    if config.takes_secret_in_form:
        form |= {"client_id": client, "client_secret": secret}
    else:
        pair = f"{quote(client, safe='')}:{quote(secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    return _ask(config.token_endpoint, form=form, headers=headers)


def keys(config: Configuration) -> dict[str, Any]:
    """Return the provider's keys (JWKS)."""
    return _ask(config.jwks_uri)


def user_information(config: Configuration, access_token: str) -> dict[str, Any]:
    """Return the claims of the userinfo endpoint; none when there is no such endpoint."""
    if not config.userinfo_endpoint or not access_token:
        return {}
    return _ask(config.userinfo_endpoint, headers={"Authorization": f"Bearer {access_token}"})


def _ask(
    url: str, *, form: dict[str, str] | None = None, headers: dict[str, str] | None = None
) -> dict[str, Any]:
    """Return the JSON object of the answer; refused when there is none."""
    if not PROVIDER_URL.fullmatch(url):
        raise RefusedSignInError(Refusal.PROVIDER)
    request = urllib.request.Request(  # noqa: S310 - the address was checked above
        url,
        data=urlencode(form).encode() if form is not None else None,
        headers={"Accept": "application/json", **(headers or {})},
    )
    try:
        with direct_opener().open(request, timeout=TIMEOUT) as answer:
            data = json.loads(answer.read(MOST_BYTES))
    except (OSError, ValueError, urllib.error.URLError) as error:
        raise RefusedSignInError(Refusal.PROVIDER) from error
    if not isinstance(data, dict):
        raise RefusedSignInError(Refusal.PROVIDER)
    return data
