"""The task `tick` and its timetable (D33); delivery itself is in test_delivery.py."""

import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
import time_machine
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from jobfirst.celery import Scheduler, app
from reminders import actions, tasks
from reminders.models import Digest, Round
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
FIRST, FAR = datetime.date(2016, 1, 1), datetime.date(2016, 12, 31)


def travel_to(day, hour, minute=0):
    """Travel to a moment of April 2016 in Copenhagen."""
    return time_machine.travel(datetime.datetime(2016, 4, day, hour, minute, tzinfo=COPENHAGEN), tick=False)


@pytest.fixture
def queued(monkeypatch):
    """The digests that were queued, in order; nobody works on them."""
    pks = []
    monkeypatch.setattr(tasks.send_digest, "delay", pks.append)
    return pks


def test_from_seven_o_clock(due_reminders, queued):
    due_reminders.add(UserFactory(), FIRST, FAR)
    with travel_to(7, 6, 59):
        tasks.tick()
    assert not queued
    assert not Digest.objects.exists()
    with travel_to(7, 7):
        tasks.tick()
    assert queued == [Digest.objects.get().pk]


@pytest.mark.parametrize("day", [9, 10])
def test_not_on_a_day_off(due_reminders, queued, day):
    due_reminders.add(UserFactory(), FIRST, FAR)
    with travel_to(day, 9):
        tasks.tick()
    assert not queued
    assert not Digest.objects.exists()


def test_the_days_digests_are_made_once_and_sent_by_whichever_tick(due_reminders, queued, mailoutbox):
    """What becomes due after seven waits for tomorrow: one digest a day, in the morning."""
    user, late = UserFactory(), UserFactory()
    due_reminders.add(user, FIRST, FAR)
    with travel_to(7, 7):
        tasks.tick()
    due_reminders.add(late, FIRST, FAR)
    with travel_to(7, 7, 15):
        tasks.tick()
    assert queued == [Digest.objects.get().pk] * 2
    with travel_to(7, 7, 16):
        for pk in queued:
            tasks.send_digest(pk)
        tasks.tick()
    assert len(queued) == 2
    assert [message.to for message in mailoutbox] == [[user.email]]
    with travel_to(8, 7):
        tasks.tick()
    assert Digest.objects.get(pk=queued[-1]).recipient == late


def test_a_later_tick_makes_what_the_one_at_seven_did_not(due_reminders, queued):
    due_reminders.add(UserFactory(), FIRST, FAR)
    with travel_to(7, 14, 30):
        tasks.tick()
    assert len(queued) == 1
    assert Round.objects.get().on == datetime.date(2016, 4, 7)


@pytest.mark.parametrize("hour", [18, 20, 22, 23])
def test_a_worker_that_comes_back_in_the_evening_makes_up_the_day(due_reminders, queued, hour):
    due_reminders.add(UserFactory(), FIRST, FAR)
    came_back = datetime.time(hour, 5)
    tick = min(moment for moment in ticks_on(datetime.date(2016, 4, 7)) if moment > came_back)
    with travel_to(7, tick.hour, tick.minute):
        tasks.tick()
    assert len(queued) == 1
    assert Round.objects.get().on == datetime.date(2016, 4, 7)


def test_a_round_that_left_somebody_out_is_made_again(due_reminders, queued, monkeypatch):
    """As when somebody's earlier mail was on its way (test_races.py)."""
    due_reminders.add(UserFactory(), FIRST, FAR)
    actions.make_digests(datetime.date(2016, 4, 6))
    monkeypatch.setattr(actions, "_drop_unsent", lambda on: None)
    with travel_to(7, 7):
        tasks.tick()
    assert not queued
    assert not Round.objects.filter(on=datetime.date(2016, 4, 7)).exists()


def test_a_digest_that_failed_is_queued_again_after_a_quarter_of_an_hour(due_reminders, queued, settings):
    due_reminders.add(UserFactory(), FIRST, FAR)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with travel_to(7, 7):
        tasks.tick()
        tasks.send_digest(queued[0])
    assert Digest.objects.get().state == "pending"
    with travel_to(7, 7, 14):
        tasks.tick()
    assert len(queued) == 1
    with travel_to(7, 7, 15):
        tasks.tick()
    assert len(queued) == 2


def test_another_mode_than_the_systems_own_sends_nothing(due_reminders, queued, settings):
    due_reminders.add(UserFactory(), FIRST, FAR)
    settings.JOBFIRST_MODE = "real"
    with travel_to(7, 7), pytest.raises(ImproperlyConfigured):
        tasks.tick()
    assert not queued
    assert not Digest.objects.exists()


def ticks_on(day):
    """The moments of a day at which beat would queue a tick."""
    entry: crontab = app.conf.beat_schedule["reminders.tick"]["schedule"]
    now = datetime.datetime.combine(day, datetime.time(0), COPENHAGEN)
    ticks = []
    while True:
        entry.nowfun = lambda now=now: now
        now = now + entry.remaining_estimate(now)
        if now.date() != day:
            return ticks
        ticks.append(now.time())


def test_beat_ticks_from_seven_until_the_end_of_the_working_day_in_copenhagen():
    assert app.conf.timezone == "Europe/Copenhagen"
    for day in (datetime.date(2016, 1, 7), datetime.date(2016, 7, 7)):  # winter and summer
        ticks = ticks_on(day)
        assert ticks[0] == datetime.time(7)
        assert ticks[-1] == datetime.time(23, 45)
        assert len(ticks) == 68
    assert ticks_on(datetime.date(2016, 4, 9)) == []


@pytest.mark.parametrize(
    ("friday", "monday"),
    [
        (datetime.date(2017, 3, 24), datetime.date(2017, 3, 27)),
        (datetime.date(2017, 10, 27), datetime.date(2017, 10, 30)),
    ],
    ids=["summer time begins", "summer time ends"],
)
def test_a_beat_that_runs_through_a_change_of_the_clock_ticks_at_seven(monkeypatch, tmp_path, friday, monday):
    """Celery's own scheduler with all that beat runs; its clock goes on minute by minute."""
    sent = []
    scheduler = Scheduler(app, lazy=True, schedule_filename=str(tmp_path / "schedule"))
    monkeypatch.setattr(
        scheduler, "apply_entry", lambda entry, producer: sent.append((timezone.localtime(), entry.name))
    )
    now = datetime.datetime.combine(friday, datetime.time(23, 44, 30), COPENHAGEN).astimezone(datetime.UTC)
    end = datetime.datetime.combine(monday, datetime.time(7, 5), COPENHAGEN)
    with time_machine.travel(now, tick=False) as clock:
        scheduler.setup_schedule()
        while now < end:
            while scheduler.tick() == 0:
                pass
            now += datetime.timedelta(seconds=60)
            clock.move_to(now)
        scheduler.close()
    ticks = [moment for moment, name in sent if name == "reminders.tick" and moment.date() == monday]
    heartbeats = [moment for moment, name in sent if name == "jobfirst.heartbeat"]
    assert ticks[0] == datetime.datetime.combine(monday, datetime.time(7, 0, 30), COPENHAGEN)
    pauses = [later - earlier for earlier, later in pairwise(utc(heartbeats))]
    assert max(pauses) <= datetime.timedelta(minutes=2)


def utc(moments):
    """Return the moments in UTC, where the difference of two is real time."""
    return [moment.astimezone(datetime.UTC) for moment in moments]


def test_a_killed_workers_task_comes_back_within_seconds():
    """The settings that test_delivery.py tries out (with a shorter time-out)."""
    options = app.conf.broker_transport_options
    sweep = options["unacked_restore_interval"] * options["unacked_restore_throttle"]
    assert options["visibility_timeout"] + sweep + options["unacked_mutex_expire"] <= 25
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1


def test_the_broker_uses_the_database_that_the_address_names(settings):
    if settings.REDIS_URL.startswith("unix://"):
        number = settings.REDIS_URL.rpartition("db=")[2]
        with app.connection_for_write() as connection, connection.channel() as channel:
            assert channel.client.connection_pool.connection_kwargs["db"] == int(number)
