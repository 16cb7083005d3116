"""Open sessions: how long one may be idle, the list of one's own, and their end.

The session itself holds when it began and when it was last used, so that a page costs no query. The last use
is written once in a thirtieth of the idle limit (a minute), beside the answer: it sets no cookie.
"""

import importlib
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.people.actions import end_sessions
from accounts.people.locks import locked_user
from audit.models import SecurityKind
from audit.origin import origin_of, session_mark
from audit.security import record_security

BEGAN, SEEN = "session_began", "session_seen"
#: How often within the idle limit the last use is written.
WRITES_IN_LIMIT = 30

#: What tells browsers and systems apart in the header, the first that is there decides.
BROWSERS = {"Edg": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "Mac",
    "Linux": "Linux",
}


@dataclass(frozen=True)
class OpenSession:
    """An open session as its owner sees it; `mark` names it without opening it."""

    mark: str
    device: str
    ip: str
    since: datetime
    last_seen: datetime
    is_current: bool


def is_over(session: SessionBase) -> bool:
    """Whether the session was idle too long, or is older than a working day allows."""
    now = time.time()
    idle = now - session.get(SEEN, now)
    age = now - session.get(BEGAN, now)
    return bool(idle > settings.JOBFIRST_IDLE_MINUTES * 60 or age > settings.SESSION_COOKIE_AGE)


def note_use(request: HttpRequest) -> None:
    """Store that the session is used, if that was not stored a short time ago."""
    now = time.time()
    seen = request.session.get(SEEN)
    if seen is not None and now - seen < settings.JOBFIRST_IDLE_MINUTES * 60 / WRITES_IN_LIMIT:
        return
    request.session[SEEN] = now
    request.session.setdefault(BEGAN, now)
    request.session.save()
    request.session.modified = False  # the browser has the key already
    store(request)


def store(request: HttpRequest) -> None:
    """Store device, address and last use of the request's session for the list of its owner."""
    ip = origin_of(request).ip
    if ip is None:  # no request of a browser
        return
    if request.session.session_key is None:
        request.session.save()
    key = request.session.session_key
    seen = {"user": request.user, "ip": ip, "last_seen_at": timezone.now()}
    if not UserSession.objects.filter(session_key=key).update(**seen):
        user_agent = request.headers.get("User-Agent", "")[:200]
        UserSession.objects.get_or_create(session_key=key, defaults={**seen, "user_agent": user_agent})


def begin(sender: Any, request: HttpRequest, user: User, **details: Any) -> None:
    """Note the beginning of the session when somebody signs in."""
    request.session[BEGAN] = request.session[SEEN] = time.time()
    request.user = user
    store(request)


def sessions_of(user: User, current_key: str | None) -> list[OpenSession]:
    """Return the user's sessions that are open now, the last used first. Two queries."""
    rows = list(UserSession.objects.filter(user=user).order_by("-last_seen_at", "-pk"))
    open_keys = _open_keys(user, [row.session_key for row in rows])
    return [
        OpenSession(
            mark=session_mark(row.session_key),
            device=device_in_words(row.user_agent),
            ip=row.ip,
            since=row.created_at,
            last_seen=row.last_seen_at,
            is_current=row.session_key == current_key,
        )
        for row in rows
        if row.session_key in open_keys
    ]


@transaction.atomic
def close_sessions(user: User, current_key: str | None, mark: str | None = None) -> int:
    """End the user's other session with this mark, or all but the current one; return how many."""
    keys = [
        row.session_key
        for row in UserSession.objects.filter(user=user)
        if row.session_key != current_key and mark in {None, session_mark(row.session_key)}
    ]
    count = _delete(user, keys)
    for _number in range(count):
        record_security(SecurityKind.SESSION_ENDED, user)
    return count


@transaction.atomic
def close_all_sessions(user: User, by: str) -> int:
    """End every session of the user; return how many were open.

    `by` is recorded: "administrator" or "identity_provider".
    """
    user = locked_user(user)
    keys = list(UserSession.objects.filter(user=user).values_list("session_key", flat=True))
    count = _delete(user, keys)
    end_sessions(user)  # one that is not in the list, too
    record_security(SecurityKind.SESSION_ENDED, user, by)
    return count


def device_in_words(user_agent: str) -> str:
    """Return "Firefox, Windows" for the header of a browser."""
    browser = next((name for sign, name in BROWSERS.items() if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS.items() if sign in user_agent), "")
    return ", ".join(filter(None, [browser, system])) or _("Unknown device")


def _delete(user: User, keys: list[str]) -> int:
    """Delete the sessions with these keys, and return how many were open."""
    count = len(_open_keys(user, keys))
    for key in keys:
        _store_class()().delete(key)
    UserSession.objects.filter(user=user, session_key__in=keys).delete()
    return count


def _open_keys(user: User, keys: list[str]) -> set[str]:
    """Return the keys of sessions that still open the account: not over, and of the user's present state."""
    model = _store_class().get_model_class()
    user_hash = user.get_session_auth_hash()
    rows = model.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    decoded = [(row.session_key, row.get_decoded()) for row in rows]
    return {key for key, data in decoded if data.get("_auth_user_hash") == user_hash and not is_over(data)}


def _store_class() -> Any:
    return importlib.import_module(settings.SESSION_ENGINE).SessionStore


def connect() -> None:
    """Listen to sign-ins."""
    user_logged_in.connect(begin)
