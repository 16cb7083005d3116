"""The mailbox to which mail servers send their reports (D52): a maildir folder, or IMAP over TLS.

A mailbox yields its unread mails; each is then deleted, or marked as read and left to people, or left unread.
"""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol
from urllib.parse import unquote, urlsplit

from django.conf import settings

#: A longer mail is no report; it is not read into memory.
MOST_BYTES = 2 * 1024 * 1024
TIMEOUT = 30
IMAPS_PORT = 993


class UnreadMail(NamedTuple):
    """A mail with its key in the mailbox; without content when it is too long."""

    key: str
    content: bytes


class ReturnMailbox(Protocol):
    """A mailbox that is open for reading."""

    def unread(self, most: int) -> Iterator[UnreadMail]: ...
    def delete(self, key: str) -> None: ...
    def mark_read(self, key: str) -> None: ...
    def close(self) -> None: ...


class MaildirMailbox:
    """A maildir folder: unread mails lie in `new`, read ones in `cur`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def unread(self, most: int) -> Iterator[UnreadMail]:
        for path in sorted((self.folder / "new").iterdir())[:most]:
            if path.is_file() and not path.is_symlink():
                content = path.read_bytes() if path.stat().st_size <= MOST_BYTES else b""
                yield UnreadMail(path.name, content)

    def delete(self, key: str) -> None:
        (self.folder / "new" / key).unlink(missing_ok=True)

    def mark_read(self, key: str) -> None:
        (self.folder / "new" / key).rename(self.folder / "cur" / f"{key}:2,S")

    def close(self) -> None:
        """Nothing is held open."""


class ImapMailbox:
    """A folder of an IMAP account."""

    def __init__(self, connect: Callable[[], imaplib.IMAP4], user: str, password: str, folder: str) -> None:
        self.imap = connect()
        try:
            self.imap.login(user, password)
            status, _count = self.imap.select(folder)
            if status != "OK":
                raise imaplib.IMAP4.error("the folder cannot be opened")
        except imaplib.IMAP4.error:
            self.imap.shutdown()
            raise

    def unread(self, most: int) -> Iterator[UnreadMail]:
        _status, (uids, *_rest) = self.imap.uid("SEARCH", "UNSEEN", "SMALLER", str(MOST_BYTES))
        for uid in uids.split()[:most]:
            _status, answer = self.imap.uid("FETCH", uid.decode(), "(BODY.PEEK[])")
            content = next((part[1] for part in answer if isinstance(part, tuple)), b"")
            yield UnreadMail(uid.decode(), content)

    def delete(self, key: str) -> None:
        self.imap.uid("STORE", key, "+FLAGS", r"(\Deleted)")

    def mark_read(self, key: str) -> None:
        self.imap.uid("STORE", key, "+FLAGS", r"(\Seen)")

    def close(self) -> None:
        """Remove what was deleted, and sign out."""
        self.imap.close()
        self.imap.logout()


def open_return_mailbox() -> ReturnMailbox | None:
    """Open the mailbox of the settings; None when there is none. Raises OSError or an error of `imaplib`."""
    if not settings.JOBFIRST_RETURN_MAILBOX:
        return None
    url = urlsplit(settings.JOBFIRST_RETURN_MAILBOX)
    if url.scheme == "maildir":
        return MaildirMailbox(Path(unquote(url.path)))
    return ImapMailbox(
        lambda: imaplib.IMAP4_SSL(
            url.hostname or "",
            url.port or IMAPS_PORT,
            ssl_context=ssl.create_default_context(),  # imaplib's own checks no certificate
            timeout=TIMEOUT,
        ),
        unquote(url.username or ""),
        unquote(url.password or ""),
        unquote(url.path.lstrip("/")) or "INBOX",
    )
