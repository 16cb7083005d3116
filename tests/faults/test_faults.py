"""A few faults of `make faults` on the database of the test: nothing acknowledged is lost or doubled."""

from collections import Counter

import pytest
from django.conf import settings

from jobfirst import clock
from tests.faults import of_processes, of_queue, people
from tests.faults.run import Run, try_fault, wait_until_written
from tests.faults.system import ServiceManager, SystemOnDatabase
from tests.faults.writers import Writers, mismatches

#: The slowest machine is waited for.
START_SECONDS = 240.0


@pytest.mark.services
@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_acknowledged_writes_survive_killed_web_workers_and_a_missing_redis(tmp_path):
    persons = people.make_writers(2, clock.today())
    system = SystemOnDatabase(tmp_path / "system", settings.DATABASES["default"])
    try:
        system.start()
        system.start_web()
        with ServiceManager(system) as manager, Writers(system.port, persons) as writers:
            run = Run(system, manager, writers)
            wait_until_written(run, START_SECONDS)
            outcomes = [
                try_fault(run, "web-worker-killed", of_processes.web_worker_killed),
                try_fault(run, "redis-gone", of_queue.redis_killed),
            ]
    finally:
        system.stop()
    assert [outcome.wrong for outcome in outcomes] == [[], []]
    assert sum(outcome.acknowledged for outcome in outcomes) >= 4


def test_a_lost_and_a_doubled_write_are_found():
    stored = Counter({"here": 1, "twice": 2})
    assert mismatches(["here", "gone"], stored) == ["lost: gone", "stored 2 times: twice"]
