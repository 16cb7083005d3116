"""Reporting errors to Sentry, off without a DSN.

What leaves is listed, and nothing else does: the classes of the exceptions, where they were raised, the name
of the page or task, the request's id. No text of an exception, no local variable, no address, form, cookie,
header, breadcrumb or person.
"""

from typing import Any

import sentry_sdk

from jobfirst.logs.context import current_context
from jobfirst.logs.masking import masked

Event = dict[str, Any]
#: What an event keeps as it is. None of it comes from a person.
KEPT = ("event_id", "timestamp", "level", "platform", "environment", "release", "logger", "sdk")
KEPT_OF_FRAME = ("filename", "function", "module", "lineno", "in_app")
KEPT_OF_MECHANISM = ("type", "handled")


def start(dsn: str) -> None:
    """Report unforeseen errors to this address from now on."""
    sentry_sdk.init(**options(dsn))


def options(dsn: str) -> dict[str, Any]:
    """Return the options of the SDK."""
    return {
        "dsn": dsn,
        "send_default_pii": False,
        "include_local_variables": False,
        "include_source_context": False,
        "max_request_body_size": "never",
        "auto_session_tracking": False,
        "send_client_reports": False,
        "traces_sample_rate": None,
        "max_breadcrumbs": 0,
        "server_name": "",
        "before_send": scrubbed,
        "before_breadcrumb": lambda _crumb, _hint: None,
        "before_send_transaction": lambda _event, _hint: None,
    }


def scrubbed(event: Event, _hint: dict[str, Any]) -> Event:
    """Return an event with what may leave of this one."""
    clean: Event = {name: event[name] for name in KEPT if name in event}
    chain = (event.get("exception") or {}).get("values") or []
    if chain:
        clean["exception"] = {"values": [_exception(error) for error in chain]}
    else:
        clean["logentry"] = {"message": masked(_template(event))}
    clean["tags"] = _origin()
    return clean


def _template(event: Event) -> str:
    """Return the sentence of a log line without its values."""
    return str((event.get("logentry") or {}).get("message") or "")


def _exception(error: Event) -> Event:
    frames = ((error.get("stacktrace") or {}).get("frames")) or []
    mechanism = error.get("mechanism") or {}
    return {
        "type": error.get("type"),
        "module": error.get("module"),
        "mechanism": {name: mechanism[name] for name in KEPT_OF_MECHANISM if name in mechanism},
        "stacktrace": {
            "frames": [{name: frame.get(name) for name in KEPT_OF_FRAME} for frame in frames],
        },
    }


def _origin() -> dict[str, str]:
    """Return the id of the request, and the name of its page or of the task."""
    context = current_context()
    if context is None:
        return {}
    match = getattr(context.request, "resolver_match", None)
    tags = {"request_id": context.request_id, "route": match and match.view_name, "task": context.task}
    return {name: value for name, value in tags.items() if value}
