"""The digest as a mail: Danish, text and HTML, initials and links only."""

import datetime

import pytest

from reminders.extension_points import Description
from reminders.models import Digest
from tests.factories import UserFactory
from tests.reminders.rounds import run_day

pytestmark = pytest.mark.django_db

TUESDAY = datetime.date(2016, 4, 5)
MONDAY = datetime.date(2016, 4, 11)
FAR = datetime.date(2016, 12, 31)


@pytest.fixture
def message(due_reminders, mailoutbox, settings):
    """Monday's mail: one reminder that is new, and one that was sent before and is overdue."""
    settings.JOBFIRST_BASE_URL = "https://jobfirst.example"
    user = UserFactory(name="Mette Canaryname")
    due_reminders.add(user, TUESDAY, FAR, "old", due_on=datetime.date(2016, 4, 10))
    due_reminders.add(user, MONDAY, FAR, "new", due_on=MONDAY)
    run_day(TUESDAY)
    run_day(MONDAY)
    return mailoutbox[-1]


def html_of(message):
    ((content, mimetype),) = message.alternatives
    assert mimetype == "text/html"
    return content


def test_text_and_html_say_the_same_in_danish(message):
    for content in (message.body, html_of(message)):
        assert content.index("/x/new/") < content.index("/x/old/")
        assert "Ny" in content
        assert "Mangler stadig" in content
        assert "søndag den 10. april 2016" in content
        assert "mandag den 11. april 2016" in content
        assert content.count("A.B.: Test is due") == 2
        assert "https://jobfirst.example/x/new/" in content
        assert "https://jobfirst.example/paamindelser/" in content
    assert '<html lang="da">' in html_of(message)


def test_the_headers(message):
    mail_message = message.message()
    digest = Digest.objects.get(on=MONDAY)
    assert mail_message["Auto-Submitted"] == "auto-generated"
    assert mail_message["List-Id"] == "JobFirst reminders <reminders.jobfirst.example>"
    assert mail_message["Message-ID"] == f"<{digest.public_id}@jobfirst.example>"
    assert mail_message.get_content_type() == "multipart/alternative"


def test_a_rehearsal_says_so(message, settings):
    assert message.subject == "Øvelse: JobFirst: 2 påmindelser"
    assert "ØVELSE" in message.body
    assert "ØVELSE" in html_of(message)


def test_a_real_system_does_not(due_reminders, mailoutbox, settings):
    settings.JOBFIRST_MODE = "real"
    due_reminders.add(UserFactory(), TUESDAY, FAR)
    run_day(TUESDAY)
    (message,) = mailoutbox
    assert message.subject == "JobFirst: 1 påmindelse"
    assert "ØVELSE" not in message.body + html_of(message)


def test_no_name_of_anybody_is_in_it(message):
    whole = message.message().as_string() + message.body + html_of(message)
    for name in ("Canaryname", "Anna", "Berg"):
        assert name not in whole


def test_markup_in_a_name_is_escaped(due_reminders, mailoutbox, monkeypatch):
    monkeypatch.setattr(
        "reminders.extension_points.describe_subjects",
        lambda subjects: {
            subject_type: {subject: Description("<b>&", "x")} for subject_type, subject in subjects
        },
    )
    due_reminders.add(UserFactory(), TUESDAY, FAR)
    run_day(TUESDAY)
    (message,) = mailoutbox
    assert "<b>&:" in message.body
    assert "&lt;b&gt;&amp;:" in html_of(message)
