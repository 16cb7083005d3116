"""The head of the chain by mail: once a day, to the addresses in the settings, and a witness afterwards."""

import io
import json

import pytest
import time_machine
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.utils import timezone

from audit.chain.head_mail import mail_head
from audit.chain.heads import head_document
from audit.chain.sealing import seal
from audit.models import ChainHead, HeadKind
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def recipients(settings):
    settings.JOBFIRST_AUDIT_HEAD_TO = ["leder@example.org", "styrelsen@example.org"]


@pytest.fixture
def sealed_log():
    UserFactory()
    seal()


def test_nobody_gets_it_by_default(sealed_log, mailoutbox):
    assert mail_head() is False
    assert mailoutbox == []


def test_it_is_sent_once_a_day(sealed_log, recipients, mailoutbox):
    with time_machine.travel(timezone.now(), tick=False):
        assert [mail_head(), mail_head()] == [True, False]
    (message,) = mailoutbox
    assert message.to == ["leder@example.org", "styrelsen@example.org"]
    assert head_document()["hash"] in message.body
    assert "ØVELSE" in message.body
    assert ChainHead.objects.filter(kind=HeadKind.MAILED).count() == 1


def test_nothing_is_sent_before_anything_is_sealed(recipients, mailoutbox):
    assert mail_head() is False
    assert mailoutbox == []


def test_a_mail_that_is_refused_is_sent_by_the_next_call(sealed_log, recipients, mailoutbox, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", lambda *_arguments: _refuse())
        assert mail_head() is False
    assert mail_head() is True


def _refuse():
    raise OSError("no mail server")


def test_the_attachment_is_what_the_check_reads(sealed_log, recipients, mailoutbox, tmp_path):
    mail_head()
    _name, content, _kind = mailoutbox[0].attachments[0]
    assert json.loads(content)["format"] == "jobfirst-audit-head-1"
    (tmp_path / "head.json").write_text(content)
    with pytest.raises(SystemExit) as ending:
        call_command("verify_audit_log", head=[tmp_path / "head.json"], stdout=io.StringIO())
    assert ending.value.code == 0
