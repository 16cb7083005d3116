"""What is kept out of every log: secrets of links, CPR numbers and e-mail addresses."""

import logging
import re

#: A part of an address as long as the secret of a link (`accounts.links.secrets`); public ids are shorter. A
#: name in the code has neither capitals nor digits, and stays readable. It is looked for from the beginning
#: of a word only, or a text of one long word would take the square of its length.
SECRET = re.compile(r"(?<![A-Za-z0-9_-])(?=[a-z_-]*[A-Z0-9])[A-Za-z0-9_-]{40,}")
#: Ten digits, also with a hyphen: a CPR number, or what may be one.
TEN_DIGITS = re.compile(r"(?<![\w-])\d{6}-?\d{4}(?![\w-])")
#: Looked for from its beginning only, for the same reason.
ADDRESS = re.compile(r"(?<![\w.+%-])[\w.+%-]+@[\w-]+(\.[\w-]+)+")


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
    """Return the text with `…` for what may be a secret, a CPR number or an e-mail address."""
    for pattern in (SECRET, TEN_DIGITS, ADDRESS):
        text = pattern.sub("…", text)
    return text


def masked_formatter(layout: str) -> MaskedFormatter:
    """Return a formatter of a layout in braces that masks; for LOGGING of the settings."""
    return MaskedFormatter(logging.Formatter(layout, style="{"))
