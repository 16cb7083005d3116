"""The form of the log, JSON or text, and which records are not written since another line says the same."""

import logging
import os

from jobfirst.logs.lines import JsonFormatter
from jobfirst.logs.masking import MaskedFormatter, masked_formatter

FORMATS = ("json", "text")
#: The web server's loggers. They have handlers of their own, which the settings do not reach.
WEB_SERVER = ("gunicorn.error", "gunicorn.access")
TEXT = "{asctime} {levelname} {name} {message}"
#: The attribute of a request in which the reason of its refusal is noted, for the access log.
REASON = "_refusal_reason"


def log_format() -> str:
    """Return `json` or `text`: that of JOBFIRST_LOG_FORMAT, by default text in the embedded rehearsal alone.

    Reads the environment: the web server's parent process has no settings. ValueError for another value.
    """
    is_embedded = "DATABASE_URL" in os.environ.get("JOBFIRST_EMBEDDED", "").split(",")
    name = os.environ.get("JOBFIRST_LOG_FORMAT") or ("text" if is_embedded else "json")
    if name not in FORMATS:
        raise ValueError("JOBFIRST_LOG_FORMAT")
    return name


def formatter(layout: str = TEXT) -> logging.Formatter:
    """Return the formatter of all handlers; the layout is that of the text."""
    return JsonFormatter() if log_format() == "json" else masked_formatter(layout)


def clean_web_server() -> None:
    """Give the handlers of gunicorn the form of the log. Idempotent.

    Also where gunicorn was started in another folder, and has not read gunicorn.conf.py.
    """
    for name in WEB_SERVER:
        for handler in logging.getLogger(name).handlers:
            if isinstance(handler.formatter, JsonFormatter | MaskedFormatter):
                continue
            inner = handler.formatter or logging.Formatter()
            handler.setFormatter(JsonFormatter() if log_format() == "json" else MaskedFormatter(inner))


class WithoutRefusals(logging.Filter):
    """Leaves out what Django logs of an answer, since the access log has a line of each request.

    What led to a 500 is written, with its traceback.
    Which check refused it is noted for that line: a name such as "csrf" or "DisallowedHost".
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Return False for an answer that was meant, such as a refusal."""
        status = getattr(record, "status_code", None)
        if status is None or not record.name.startswith("django.") or (status >= 500 and record.exc_info):
            return True
        request = getattr(record, "request", None)
        if request is not None and record.name.startswith("django.security."):
            setattr(request, REASON, record.name.rpartition(".")[2])
        return False
