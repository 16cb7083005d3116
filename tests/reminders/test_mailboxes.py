"""The return mailbox: a maildir folder or IMAP, with the same behaviour (D52)."""

import imaplib
import mailbox

import pytest
from django.core.management import CommandError, call_command

from reminders import mailboxes, tasks
from reminders.mailboxes import ImapMailbox, MaildirMailbox, open_return_mailbox
from tests.reminders.imap_server import PASSWORD, Folder, ImapServer

FIRST, SECOND = b"Subject: first\r\n\r\nx\r\n", b"Subject: second\r\n\r\ny\r\n"


@pytest.fixture
def maildir(tmp_path):
    box = mailbox.Maildir(tmp_path / "returned", create=True)
    box.add(FIRST)
    box.add(SECOND)
    return lambda: MaildirMailbox(tmp_path / "returned")


@pytest.fixture
def imap():
    with ImapServer(Folder(FIRST, SECOND)) as server:
        connect = lambda: imaplib.IMAP4("127.0.0.1", server.port, timeout=10)  # noqa: E731
        yield lambda: ImapMailbox(connect, "retur", PASSWORD, "INBOX")


@pytest.mark.parametrize("kind", ["maildir", "imap"])
def test_a_mail_is_deleted_or_left_as_read_or_unread(request, kind):
    open_mailbox = request.getfixturevalue(kind)
    box = open_mailbox()
    first, second = box.unread(10)
    assert {b"first" in mail.content for mail in (first, second)} == {True, False}
    box.delete(first.key)
    box.close()
    box = open_mailbox()
    (left,) = box.unread(10)
    assert left.content.splitlines()[0] == second.content.splitlines()[0]
    box.mark_read(left.key)
    box.close()
    box = open_mailbox()
    assert list(box.unread(10)) == []
    box.close()


@pytest.mark.parametrize("kind", ["maildir", "imap"])
def test_no_more_than_asked_for_are_read_at_once(request, kind):
    box = request.getfixturevalue(kind)()
    assert len(list(box.unread(1))) == 1
    box.close()


def test_a_wrong_password_is_an_error_that_does_not_repeat_it(imap):
    with ImapServer(Folder()) as server:
        connect = lambda: imaplib.IMAP4("127.0.0.1", server.port, timeout=10)  # noqa: E731
        with pytest.raises(imaplib.IMAP4.error) as caught:
            ImapMailbox(connect, "retur", "wrong-secret", "INBOX")
    assert "wrong-secret" not in str(caught.value)


def test_the_address_of_the_settings(settings, monkeypatch, tmp_path):
    settings.JOBFIRST_RETURN_MAILBOX = f"maildir://{tmp_path}"
    assert open_return_mailbox().folder == tmp_path
    asked = []
    monkeypatch.setattr(mailboxes, "ImapMailbox", lambda connect, *login: asked.append(login))
    settings.JOBFIRST_RETURN_MAILBOX = "imaps://retur%40jobfirst.example:p%2Fw@imap.example:1993/Retur"
    open_return_mailbox()
    settings.JOBFIRST_RETURN_MAILBOX = "imaps://retur:x@imap.example/"
    open_return_mailbox()
    assert asked == [("retur@jobfirst.example", "p/w", "Retur"), ("retur", "x", "INBOX")]
    settings.JOBFIRST_RETURN_MAILBOX = ""
    assert open_return_mailbox() is None


@pytest.mark.django_db
def test_a_mailbox_that_cannot_be_reached_is_logged_without_its_address(settings, caplog):
    settings.JOBFIRST_RETURN_MAILBOX = "maildir:///nowhere/at/all"
    tasks.read_bounces()
    assert "the return mailbox could not be read: FileNotFoundError" in caplog.text
    assert "nowhere" not in caplog.text
    with pytest.raises(CommandError, match="FileNotFoundError"):
        call_command("read_bounces")
