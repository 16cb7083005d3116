"""What is kept out of the log: the secrets of links."""

import logging
import re

#: A part of an address as long as the secret of a link (`accounts.links.secrets`); public ids are shorter. A
#: name in the code has neither capitals nor digits, and stays readable. It is looked for from the beginning
#: of a word only, or a text of one long word would take the square of its length.
SECRET = re.compile(r"(?<![A-Za-z0-9_-])(?=[a-z_-]*[A-Z0-9])[A-Za-z0-9_-]{40,}")

#: The web server's loggers. They have handlers of their own, which the settings do not reach.
WEB_SERVER = ("gunicorn.error", "gunicorn.access")


class WithoutSecrets(logging.Filter):
    """Masks the addresses that Django logs: of 404 and 405, and of unforeseen errors. Whatever handlers there
    are get them masked."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask the arguments of the message; every record is logged."""
        if isinstance(record.args, tuple):
            record.args = tuple(masked(value) if isinstance(value, str) else value for value in record.args)
        return True


class MaskedFormatter(logging.Formatter):
    """Masks all that another formatter writes: the message, the text of an exception with its traceback, and
    the stack."""

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self.inner = inner

    def format(self, record: logging.LogRecord) -> str:
        """Return the other formatter's text, masked."""
        return masked(self.inner.format(record))


def masked(text: str) -> str:
    """Return the text with `…` for what may be a secret."""
    return SECRET.sub("…", text)


def masked_formatter(layout: str) -> MaskedFormatter:
    """Return a formatter of a layout in braces that masks; for LOGGING of the settings."""
    return MaskedFormatter(logging.Formatter(layout, style="{"))


def mask_web_server() -> None:
    """Mask the logs of gunicorn: its errors and, when it is on, its access log. Idempotent."""
    for name in WEB_SERVER:
        for handler in logging.getLogger(name).handlers:
            if not isinstance(handler.formatter, MaskedFormatter):
                handler.setFormatter(MaskedFormatter(handler.formatter or logging.Formatter()))
