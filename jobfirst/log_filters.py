"""What is kept out of the log."""

import logging
import re

#: A part of an address as long as the secret of a link (`accounts.links.secrets`); public ids are shorter. A
#: name in the code has neither capitals nor digits, and stays readable.
SECRET = re.compile(r"(?=[a-z_-]*[A-Z0-9])[A-Za-z0-9_-]{40,}")


class WithoutSecrets(logging.Filter):
    """Replaces what may be the secret of a link in all that a record says: the message with its arguments,
    the text of an exception with its traceback, and the stack."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask the record; every record is logged."""
        try:
            text = record.getMessage()
        except (TypeError, ValueError, KeyError):  # its arguments do not fit; a log must never stop the work
            text = str(record.msg)
        record.msg, record.args = masked(text), None
        if record.exc_info and not record.exc_text:
            # Formatters write this text, if there is one, instead of the exception.
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        record.exc_text = masked(record.exc_text) if record.exc_text else record.exc_text
        record.stack_info = masked(record.stack_info) if record.stack_info else record.stack_info
        return True


def masked(text: str) -> str:
    """Return the text with `…` for what may be a secret."""
    return SECRET.sub("…", text)


def mask_web_server() -> None:
    """Mask the logs of gunicorn, which has handlers of its own: errors and, when it is on, the access log."""
    for name in ("gunicorn.error", "gunicorn.access"):
        logger = logging.getLogger(name)
        if not any(isinstance(item, WithoutSecrets) for item in logger.filters):
            logger.addFilter(WithoutSecrets())
