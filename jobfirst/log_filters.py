"""What is kept out of the log."""

import logging
import re

#: A part of an address as long as the secret of a link (`accounts.links.secrets`); public ids are shorter.
SECRET = re.compile(r"[A-Za-z0-9_-]{40,}")


class WithoutSecrets(logging.Filter):
    """Replaces what may be the secret of a link in the addresses that Django logs: of 404 and 405,
    and of unforeseen errors."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask the arguments of the message; every record is logged."""
        if isinstance(record.args, tuple):
            record.args = tuple(_masked(value) for value in record.args)
        return True


def _masked(value: object) -> object:
    return SECRET.sub("…", value) if isinstance(value, str) else value
