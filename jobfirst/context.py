"""Context of every page: menu, signed-in user, and whether this is a rehearsal."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from jobfirst import mode
from jobfirst.encryption import draft_key
from jobfirst.kit import navigation
from jobfirst.messaging import mute


def site(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Values are lazy, so that fragments and error pages cost no queries for them."""
    return {
        "is_rehearsal": mode.is_rehearsal(),
        "is_second_step_off": not settings.JOBFIRST_REQUIRE_SECOND_STEP,
        "identity_provider": settings.JOBFIRST_OIDC_NAME if settings.JOBFIRST_OIDC_URL else "",
        "idle_seconds": settings.JOBFIRST_IDLE_MINUTES * 60,
        "is_muted": SimpleLazyObject(mute.shown_state.ask),
        "nav_items": SimpleLazyObject(lambda: _nav(request)),
        "user_roles": SimpleLazyObject(lambda: _roles(request)),
        "account_url": SimpleLazyObject(_account_url),
        "draft_key": SimpleLazyObject(lambda: _draft_key(request)),
    }


def _signed_in(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated


def _nav(request: HttpRequest) -> list[navigation.NavLink]:
    """Return the menu; none for somebody who must first set up a second step (it would lead nowhere)."""
    if getattr(request, "lacks_second_step", False):
        return []
    return navigation.items_for(request) if _signed_in(request) else []


def _roles(request: HttpRequest) -> str:
    """Return the user's roles in words, each once."""
    return navigation.role_words(request.user) if _signed_in(request) else ""


def _draft_key(request: HttpRequest) -> str:
    """Return the key of what the browser keeps for the user; empty for somebody who must first set up a
    second step."""
    user = request.user
    if getattr(request, "lacks_second_step", False) or not user.is_authenticated:
        return ""
    return draft_key.draft_key(user.public_id)


def _account_url() -> str:
    """Return the URL of the user's account page (password, two-step sign-in, roles); empty when there is
    none."""
    try:
        return reverse("account")
    except NoReverseMatch:
        return ""
