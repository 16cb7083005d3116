"""A record of the log as one line of JSON.

Our modules log sentences whose values are no personal data, and may log an exception: of that only its class
is written. What libraries log is not ours to judge: their sentences are written with numbers, ids and names
of tasks, and `…` for every other value. Everything is masked as well (`jobfirst.logs.masking`).
"""

import datetime
import json
import logging
import re
from collections.abc import Mapping
from typing import Any

from jobfirst.logs.context import current_context
from jobfirst.logs.masking import masked
from jobfirst.logs.tracebacks import described

#: The packages of this repository.
OURS = frozenset({"accounts", "audit", "cases", "companies", "demo", "devservices", "evaluation", "grants"})
OURS |= {"help", "jobfirst", "plans", "progression", "randomization", "reminders", "rights"}
#: Names in the code, and ids, which the sentences of libraries may keep.
HARMLESS = re.compile(r"[a-z_]+(\.[A-Za-z_]+)+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: The attribute with further fields of a line, given as `extra={FIELDS: {…}}`.
FIELDS = "fields"


class JsonFormatter(logging.Formatter):
    """Writes a record as JSON: time, level, logger, message, where it comes from, the exception if any."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        moment = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        line: dict[str, Any] = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": masked(message_of(record)),
        }
        line |= origin_fields()
        line |= getattr(record, FIELDS, {})
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            line["exception"] = described(error)
        return json.dumps(line, ensure_ascii=False, default=lambda value: type(value).__name__)


def origin_fields() -> dict[str, Any]:
    """Return the ids of the request and the person, and the name of the task, as far as there are any."""
    context = current_context()
    if context is None:
        return {}
    fields = {"request_id": context.request_id, "person_id": context.person_id, "task": context.task}
    return {name: value for name, value in fields.items() if value}


def message_of(record: logging.LogRecord) -> str:
    """Return the message with the values that may stand in it."""
    is_ours = record.name.partition(".")[0] in OURS
    clean = _of_ours if is_ours else _of_a_library
    template = str(record.msg) if not isinstance(record.msg, BaseException) else type(record.msg).__name__
    if not record.args:
        return template
    args: Any
    if isinstance(record.args, Mapping):
        args = {name: clean(value) for name, value in record.args.items()}
    else:
        args = tuple(clean(value) for value in record.args)
    try:
        return str(template % args)
    except (TypeError, ValueError):  # a number was expected where `…` stands
        return template


def _of_ours(value: object) -> object:
    """Return the value as it is; of an exception its class."""
    return type(value).__name__ if isinstance(value, BaseException) else value


def _of_a_library(value: object) -> object:
    """Return a number, an id or a name in the code; `…` for everything else; of an exception its class."""
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, BaseException):
        return type(value).__name__
    return value if isinstance(value, str) and HARMLESS.fullmatch(value) else "…"
