"""What every line of the log says of its origin: the request or the task that is under way."""

import re
import uuid
from contextvars import ContextVar, Token
from dataclasses import dataclass
from typing import Any

#: An id as proxies make it: a UUID, or 32 hexadecimal digits. No other text: it might be a person's number.
WELL_FORMED = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True)
class LogContext:
    """The id of the request (also in the tasks that it started), the request itself, or the task's name."""

    request_id: str
    request: Any = None
    task: str = ""

    @property
    def person_id(self) -> int | None:
        """The number of the signed-in person, when the request has already asked for it. No query."""
        user = getattr(self.request, "_cached_user", None)
        return getattr(user, "pk", None)


_context: ContextVar[LogContext | None] = ContextVar("context of the log", default=None)


def current_context() -> LogContext | None:
    """Return the context of the request or task under way; None outside both."""
    return _context.get()


def current_request_id() -> str | None:
    """Return the id of the request under way, or of the one that started the task."""
    context = _context.get()
    return context.request_id if context else None


def enter(context: LogContext) -> Token[LogContext | None]:
    """Set the context; `leave` takes the token that this returns."""
    return _context.set(context)


def leave(token: Token[LogContext | None]) -> None:
    """Restore the context before `enter`."""
    _context.reset(token)


def new_request_id() -> str:
    """Return a new id: 32 hexadecimal digits."""
    return uuid.uuid4().hex


def request_id_from(header: str | None) -> str:
    """Return the id that a proxy sent, or a new one when it sent none or another text."""
    return header.lower() if header and WELL_FORMED.fullmatch(header) else new_request_id()
