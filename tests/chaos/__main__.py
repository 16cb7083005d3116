"""Reminders while everything is killed: `python -m tests.chaos --deadlines 10000 --kills 50` (`make chaos`).

1. A system of its own in a temporary folder: PostgreSQL, Redis, a mail sink on loopback, and courses from
   which so many deadlines follow.
2. Working days of 2017 before and after both changes of the clock, three of them without a worker, one with
   two beats. On each day beat and worker run from just before 07:00. While they work, worker, beat, Redis and
   PostgreSQL are killed with -9 and started again, Redis is emptied, and the sink hangs, refuses, or closes
   the connection after DATA. When everything was killed, the day goes on at a later tick.
3. When no more kills are left for the day, it runs undisturbed until every digest is sent, and dead letters
   are sent again as an administrator does. Beat and worker are killed at the end of every tick, too.
4. Nothing is lost, recorded twice, or mailed under two Message-IDs (tests/chaos/verdict.py).

The clock is moved in beat and worker only (tests/reminders/celery_at.py); it never goes back.
Prints a report as JSON; exit code 1 when something is wrong.
"""

import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jobfirst.row_security.context import all_projects
from tests.chaos.servers import Servers, wait_for

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
FRIDAY, MONDAY, AFTER_THREE_DAYS = date(2017, 3, 24), date(2017, 3, 27), date(2017, 3, 31)
AUTUMN_FRIDAY, AUTUMN_MONDAY = date(2017, 10, 27), date(2017, 10, 30)
DAYS = [FRIDAY, MONDAY, AFTER_THREE_DAYS, AUTUMN_FRIDAY, AUTUMN_MONDAY]
FEW_DAYS = [AFTER_THREE_DAYS, AUTUMN_MONDAY]
#: The ticks at which a digest that fails from 07:00 on is tried again.
TICKS = [(7, 0), (7, 30), (8, 15), (9, 30), (11, 45), (16, 0), (20, 15)]
MODES = ["hang", "drop", "refuse", "refuse for good", "accept"]
VICTIMS = ["worker", "redis", "postgres", "beat"]
KILLS_A_TICK = 4
PATIENCE = 90.0  # for a start on a slow machine
EVENT_SECONDS = 5.0
QUIET_SECONDS = 20.0


class Run:
    """One run. `kills_left` are those of the day."""

    def __init__(self, servers: Servers, seed: int) -> None:
        self.servers = servers
        self.rng = random.Random(seed)
        self.kills_left = 0
        self.victims: list[str] = []
        self.modes: list[str] = []
        self.faults: list[str] = []
        self.emptied = self.sent_again = 0

    def live_through(self, day: date, kills: int, beats: int) -> None:
        """Let a day pass, and kill so many times; every digest of the day is sent at its end."""
        self.kills_left = kills
        for tick in TICKS:
            self.pass_tick(datetime(day.year, day.month, day.day, *tick, tzinfo=COPENHAGEN), beats)
            if self.kills_left <= 0 and self.query(lambda: is_done(day)):
                return
        self.faults.append(f"{day}: not everything is sent at the end of the day")

    def pass_tick(self, tick: datetime, beats: int) -> None:
        """Start beat and worker just before a tick, disturb them or let them work, and kill them."""
        servers = self.servers
        self.tick, began = tick, time.monotonic()
        self.now: Callable[[], datetime] = lambda: (
            tick - timedelta(seconds=3) + timedelta(seconds=time.monotonic() - began)
        )
        servers.order_sink("accept", tick)
        ticks_before = servers.ticks_done()
        servers.start_worker(self.now())
        for number in range(beats):
            servers.start_beat(self.now(), f"beat-{number}" if number else "beat")
        if self.kills_left > 0:
            servers.order_sink(self.next_of(self.modes, MODES), tick)
        wait_for(lambda: servers.ticks_done() > ticks_before, PATIENCE)
        wait_for(lambda: self.query(lambda: has_round(tick)), QUIET_SECONDS)
        for _ in range(KILLS_A_TICK):
            if self.kills_left > 0:
                self.disturb()
        servers.order_sink("accept", tick)
        if self.kills_left <= 0:
            self.settle()
        self.faults += [f"{tick}: {name} ended by itself" for name in servers.ended_by_themselves()]
        servers.kill_celery()

    def disturb(self) -> None:
        """Wait for the next mail to be on its way, and kill something."""
        servers = self.servers
        asked_before = servers.recipients_asked_for()
        wait_for(lambda: servers.recipients_asked_for() > asked_before, EVENT_SECONDS)
        time.sleep(self.rng.uniform(0, 0.2))
        victim = self.next_of(self.victims, VICTIMS)
        self.kills_left -= 1
        servers.kill(victim)
        if victim == "beat":
            servers.start_beat(self.now())
        elif victim == "worker":
            if self.rng.random() < 0.5 or not self.emptied:
                servers.empty_redis()
                self.emptied += 1
            servers.start_worker(self.now())
        servers.order_sink(self.next_of(self.modes, MODES), self.tick)

    def next_of(self, rest: list[str], everything: list[str]) -> str:
        """Return the next one in a random order in which each has its turn."""
        if not rest:
            rest += self.rng.sample(everything, len(everything))
        return rest.pop()

    def settle(self) -> None:
        """Let the worker work until it has nothing to do; send dead letters again."""
        while True:
            before = self.query(progress)
            if self.query(lambda: is_done(self.tick.date())):
                return
            self.query(self.send_dead_letters_again)
            if self.query(self.has_nothing_to_do):
                return
            if not wait_for(lambda before=before: self.query(progress) != before, QUIET_SECONDS):
                return

    def has_nothing_to_do(self) -> bool:
        """Whether what still waits is to be tried at a later tick only."""
        from reminders import actions

        return has_round(self.tick) and not actions.waiting_digests(self.tick.date(), self.now())

    def send_dead_letters_again(self) -> None:
        """Do what the button on the page of operations does, for each."""
        from reminders import dead_letters

        for letter in list(dead_letters.fetch_dead_letters()):
            dead_letters.send_again(letter.public_id)
            self.sent_again += 1

    def query(self, question: Callable[[], Any]) -> Any:
        """Ask the database, which may have been killed since the last time."""
        from django.db import InterfaceError, OperationalError, connection

        try:
            return question()
        except (OperationalError, InterfaceError):
            connection.close()
            return question()


def progress() -> tuple[Any, ...]:
    """Return what changes whenever a digest is made, tried or sent."""
    from django.db.models import Count, Sum

    from reminders.models import Digest, Round

    digests = Digest.objects.values_list("state").annotate(Count("pk"), Sum("attempts")).order_by("state")
    return (Round.objects.count(), *digests)


def has_round(tick: datetime) -> bool:
    """Whether all digests of the tick's day are made."""
    from reminders.models import Round

    return Round.objects.filter(on=tick.date()).exists()


def is_done(day: date) -> bool:
    """Whether the day's digests are made, and all digests are sent."""
    from reminders.models import UNSENT, Digest, Round

    return Round.objects.filter(on=day).exists() and not Digest.objects.filter(state__in=UNSENT).exists()


def prepare(deadlines: int) -> int:
    """Migrate the database and fill it; return the number of deadlines."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    from tests.chaos.facts import make_facts

    return make_facts(deadlines)


def run(servers: Servers, deadlines: int, kills: int, seed: int, days: list[date]) -> dict[str, Any]:
    """Run everything; return the report."""
    began = time.monotonic()
    servers.start()
    deadline_count = prepare(deadlines)
    prepared = time.monotonic()
    from tests.chaos import verdict

    run = Run(servers, seed)
    mails_before = 0
    for number, day in enumerate(days):
        kills_of_day = kills * (number + 1) // len(days) - kills * number // len(days)
        run.live_through(day, kills_of_day, beats=2 if day == AFTER_THREE_DAYS else 1)
        if len(servers.mails()) == mails_before:
            run.faults.append(f"{day}: there was nothing to send")
        mails_before = len(servers.mails())
        print(
            f"{day}: {servers.kills.total()} kills, {mails_before} mails,"
            f" {time.monotonic() - prepared:.0f} s",
            file=sys.stderr,
        )
    mails = servers.mails()
    faults = run.faults + run.query(lambda: verdict.faults_of_the_database(days, deadline_count))
    faults += verdict.faults_of_the_mails(mails)
    return {
        "deadlines": deadline_count,
        "reminders": run.query(lambda: sum(verdict.told_by_digests(is_new=True).values())),
        "mails": len(mails),
        "sent twice under one Message-ID": len(mails) - len({mail["id"] for mail in mails}),
        "kills": dict(servers.kills),
        "redis emptied": run.emptied,
        "dead letters sent again": run.sent_again,
        "seconds to prepare": round(prepared - began),
        "seconds": round(time.monotonic() - prepared),
        "faults": faults[:20],
    }


@all_projects("the run looks at everything")
def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.chaos", description="Reminders while everything is killed.")
    parser.add_argument("--deadlines", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=2017)
    parser.add_argument("--few-days", action="store_true", help="two days instead of five")
    arguments = parser.parse_args()
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "JOBFIRST_BROKER_PREFIX"):
        os.environ.pop(name, None)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is stopped
    folder = Path(tempfile.mkdtemp(prefix="jobfirst-chaos-"))
    servers = Servers(folder)
    is_clean = False
    try:
        days = FEW_DAYS if arguments.few_days else DAYS
        report = run(servers, arguments.deadlines, arguments.kills, arguments.seed, days)
        is_clean = not report["faults"]
    finally:
        servers.stop()
        if is_clean:
            shutil.rmtree(folder)
        else:
            print(f"The logs are in {folder}", file=sys.stderr)
    print(json.dumps(report, indent=1))
    return 0 if is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
