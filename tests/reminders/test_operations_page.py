"""The administrators' page of operations; who may open it: tests/access/table.py."""

import datetime

import pytest
import time_machine
from django.core.cache import cache

from accounts.roles import Role
from jobfirst.models import StoredCheck
from jobfirst.monitoring import heartbeat
from reminders import tasks
from reminders.models import Digest, DigestState, Round
from tests.browser import WIDTHS, assert_axe_clean, screenshot
from tests.factories import UserFactory

PAGE = "/drift/"
TUESDAY = datetime.date(2016, 4, 5)
MOMENT = datetime.datetime(2016, 4, 5, 10, 0, tzinfo=datetime.UTC)


@pytest.fixture
def administrator(db):
    return UserFactory(roles=[Role.ADMINISTRATOR])


@pytest.fixture
def open_overview(client, administrator):
    """Return a function that opens the page as the administrator, and returns its text."""
    client.force_login(administrator)

    def open_it():
        answer = client.get(PAGE)
        assert answer.status_code == 200
        return " ".join(answer.content.decode().split())

    return open_it


def dead_letter(recipient, on=TUESDAY):
    return Digest.objects.create(
        recipient=recipient,
        on=on,
        state=DigestState.DEAD,
        attempts=1,
        attempted_at=MOMENT,
        last_error="SMTPRecipientsRefused 550",
    )


@pytest.fixture
def a_day_with_everything(db):
    """A round, a waiting digest, a dead letter, an invitation that waits, and a check with differences."""
    with time_machine.travel(MOMENT, tick=False):
        Round.objects.create(on=TUESDAY)
        Digest.objects.create(recipient=UserFactory(), on=TUESDAY)
        StoredCheck.objects.create(name="deadlines", differences=3, repaired=True)
        invited = UserFactory(name="Inviteret Person")
        invited.set_unusable_password()
        invited.save()
    return dead_letter(UserFactory(name="Mette Mentor", email="mette@example.invalid"))


def test_an_empty_system_has_nothing_to_show(open_overview):
    page = open_overview()
    assert "Ingen endnu" in page
    assert page.count("Ingen venter") == 2
    assert "Ingen. Alle e-mails er afleveret" in page
    assert "Endnu ikke" in page


def test_the_page_shows_what_ran_what_waits_and_what_was_given_up(open_overview, a_day_with_everything):
    with time_machine.travel(MOMENT + datetime.timedelta(hours=3), tick=False):
        page = open_overview()
    assert "for 5. april 2016, lavet 05.04.2016 kl. 12.00" in page
    assert page.count("1, i 3 timer (siden 05.04.2016 kl. 12.00)") == 2
    assert "Mette Mentor" in page
    assert "mette@example.invalid" in page
    assert "SMTPRecipientsRefused 550" in page
    assert '<td data-title="Forskelle">3</td>' in page
    assert "Rettet" in page


def test_of_several_checks_the_last_is_shown(open_overview):
    for day, differences in ((5, 3), (7, 0), (6, 8)):
        with time_machine.travel(datetime.datetime(2016, 4, day, 1, 30, tzinfo=datetime.UTC), tick=False):
            StoredCheck.objects.create(name="deadlines", differences=differences, repaired=bool(differences))
    page = open_overview()
    assert "07.04.2016 kl. 03.30" in page
    assert "Ingen forskelle" in page
    assert '<td data-title="Forskelle">8</td>' not in page


def test_it_says_whether_the_background_work_is_heard_of(open_overview):
    cache.delete(heartbeat.HEARTBEAT)
    assert "Intet livstegn" in open_overview()
    heartbeat.beat()
    page = open_overview()
    assert "I drift" in page
    assert "Intet livstegn" not in page


def test_it_opens_without_redis(open_overview, monkeypatch):
    from redis.exceptions import ConnectionError as RedisConnectionError

    def refuse(key):
        raise RedisConnectionError

    monkeypatch.setattr(heartbeat.cache, "get", refuse, raising=False)
    assert "Intet livstegn" in open_overview()


def test_one_dead_letter_is_sent_again_and_the_others_are_left(
    client, open_overview, monkeypatch, django_capture_on_commit_callbacks
):
    queued = []
    monkeypatch.setattr(tasks.send_digest, "delay", queued.append)
    letter, other = dead_letter(UserFactory(name="Mette Mentor")), dead_letter(UserFactory())
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(f"{PAGE}{letter.public_id}/send-igen/", follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert "E-mailen til Mette Mentor bliver sendt igen." in answer.content.decode()
    assert queued == [letter.pk]
    assert list(Digest.objects.filter(state=DigestState.DEAD)) == [other]


def test_sending_it_again_twice_says_that_it_is_too_late(client, open_overview, monkeypatch):
    monkeypatch.setattr(tasks.send_digest, "delay", lambda pk: None)
    letter = dead_letter(UserFactory())
    for words in ("bliver sendt igen", "kan ikke længere sendes igen"):
        answer = client.post(f"{PAGE}{letter.public_id}/send-igen/", follow=True)
        assert words in answer.content.decode()


def test_twenty_five_dead_letters_a_page_in_few_queries(client, open_overview, django_assert_max_num_queries):
    for _ in range(30):
        dead_letter(UserFactory())
    with django_assert_max_num_queries(13):  # two of them tell of the last backup
        page = open_overview()
    assert page.count("SMTPRecipientsRefused 550") == 25
    assert "Side 1 af 2" in page
    assert client.get(f"{PAGE}?page=2").content.decode().count("SMTPRecipientsRefused 550") == 5


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", WIDTHS)
def test_sending_again_in_the_browser_at_both_widths(
    open_page, width, a_day_with_everything, administrator, monkeypatch
):
    monkeypatch.setattr(tasks.send_digest, "delay", lambda pk: None)
    page = open_page(width, user=administrator)
    page.goto(PAGE)
    assert_axe_clean(page)
    screenshot(page, "operations")
    page.get_by_role("button", name="Send igen til Mette Mentor").click()
    page.get_by_text("E-mailen til Mette Mentor bliver sendt igen.").wait_for()
    assert_axe_clean(page)
