"""The ledger's head by mail: once a person and day, no personal data, and a witness against changes."""

import json
import smtplib

import pytest
from celery.schedules import crontab
from django.core.mail.backends.locmem import EmailBackend

from accounts.roles import Role
from jobfirst.values.dates import DAY
from randomization.draw.actions import draw_project
from randomization.ledger import export, verify_draw
from randomization.ledger.head_mail import send_heads
from randomization.models import HeadMail
from randomization.tasks import mail_head
from tests.factories import DRAWN_ON, UserFactory
from tests.loops import some


@pytest.fixture
def agency(db):
    return UserFactory(roles=[Role.AGENCY])


@pytest.fixture
def allocations(agency, aalborg, refer_citizens, demonstration):
    refer_citizens(5)
    return draw_project(aalborg, DRAWN_ON, shares=demonstration).allocations


def test_once_a_day_to_everybody_at_the_agency(allocations, mailoutbox, aalborg):
    other = UserFactory(roles=[Role.AGENCY])
    UserFactory(roles=[Role.AGENCY], is_active=False)
    UserFactory(project=aalborg, roles=[Role.PROJECT_LEADER])

    assert [send_heads(DRAWN_ON), send_heads(DRAWN_ON), send_heads(DRAWN_ON + DAY)] == [2, 0, 2]
    assert other.email in {message.to[0] for message in mailoutbox}
    assert len({message.message()["Message-ID"] for message in mailoutbox}) == 4


def test_the_mail_holds_the_head_and_nobodys_data(allocations, mailoutbox):
    send_heads(DRAWN_ON)

    (message,) = mailoutbox
    head = bytes(allocations[-1].row_hash).hex()
    assert message.subject == "Øvelse: JobFirst: lodtrækningsregisteret, række 5"
    assert head in message.body
    assert "ØVELSE" in message.body
    text = message.message().as_string() + message.attachments[0].content
    for allocation in some(allocations):
        for secret in (allocation.referral.name, allocation.citizen.cpr, allocation.pseudonym):
            assert secret not in text


def test_the_attachment_is_a_witness_against_later_changes(allocations, mailoutbox):
    send_heads(DRAWN_ON)
    published = json.loads(mailoutbox[0].attachments[0].content)
    ledger = export.ledger_document(export.ledger_rows())
    assert verify_draw.verify(ledger, published) == []

    ledger["drawn"][1]["citizen"] = "JF-SOMEBODYELSE"
    previous = verify_draw.START
    for row in ledger["drawn"]:
        row["previous_hash"] = previous
        previous = row["row_hash"] = verify_draw._row_hash(row)
    ledger["head"]["row_hash"] = previous
    assert [difference.code for difference in verify_draw.verify(ledger)] == []
    assert [difference.code for difference in verify_draw.verify(ledger, published)] == ["published"]


def test_before_the_first_draw_there_is_nothing_to_say(agency, mailoutbox):
    assert send_heads(DRAWN_ON) == 0
    assert not HeadMail.objects.exists()


def test_a_mail_server_that_is_down_leaves_it_to_the_next_tick(allocations, mailoutbox, monkeypatch):
    def refuse_connection(*args):
        raise smtplib.SMTPConnectError(421, "closed")

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", refuse_connection)
        assert send_heads(DRAWN_ON) == 0
    assert send_heads(DRAWN_ON) == 1


def test_the_task_is_in_the_timetable(allocations, mailoutbox, settings):
    entry = settings.CELERY_BEAT_SCHEDULE["randomization.mail_head"]
    assert entry["task"] == mail_head.name
    assert isinstance(entry["schedule"], crontab)

    mail_head()
    mail_head()
    assert len(mailoutbox) == 1
