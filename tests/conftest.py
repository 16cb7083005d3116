"""Set-up of all tests: the embedded services, a database of their own, and the application's role."""

import math
import os
import re
from collections.abc import Iterator
from itertools import islice

from tests.data_folder import data_folder

# The tests have servers of their own, which need not survive a power cut.
os.environ.setdefault("JOBFIRST_DATA_DIR", str(data_folder()))
os.environ.setdefault("JOBFIRST_SERVICES_FSYNC", "off")
# Bytecode is worth a factor of four when xdist starts its workers.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

import devservices

devservices.ensure()

# Each xdist worker has a numbered database of its own in Redis, too (0 is nobody's).
NUMBER = int(re.sub(r"\D", "", os.environ.get("PYTEST_XDIST_WORKER", "")) or 0) + 1
os.environ["REDIS_URL"] = re.sub(r"(?<=[?&]db=)\d+", str(NUMBER), os.environ["REDIS_URL"])

# Read now, and named nowhere else: pytest-django would read them before this file, in xdist's workers too.
os.environ["DJANGO_SETTINGS_MODULE"] = "jobfirst.settings"

import hypothesis  # noqa: E402
import pytest  # noqa: E402
from django.conf import settings  # noqa: E402
from django.utils import translation  # noqa: E402

from jobfirst.row_security import context  # noqa: E402

assert settings.DATABASES
# What a test itself reads and makes, in its fixtures and threads too, is on all projects. A request has the
# projects of its person all the same: the database's second wall stands in every test.
context.undeclared = context.ALL_PROJECTS
# A password's slow hash is for attackers; in tests it would cost half a second for every user.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A test may fetch more in a minute than a person in a day; those of the limits set them (tests/audit).
settings.JOBFIRST_LIMITS = dict.fromkeys(settings.JOBFIRST_LIMITS, "off")
# Only tests about it end idle sessions: a machine may be slow, and tests move the clock.
settings.JOBFIRST_IDLE_MINUTES = 10_000
# The same for confirming who one is (tests/accounts/sign_in/test_recent_checks.py).
settings.JOBFIRST_RECHECK_MINUTES = 10_000
del os.environ["DJANGO_SETTINGS_MODULE"]

pytest_plugins = [
    "tests.browser",
    "tests.scenarios.committed_projects",
    "tests.scenarios.draws_in_aalborg",
    "tests.scenarios.due_reminders",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--switches`: how often persons are switched on shared connections (`make switches`: 10,000 times)."""
    parser.addoption("--switches", type=int, default=400)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart() -> None:
    """Once more (jobfirst/celery.py names the settings too) before xdist's workers get the environment."""
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


@pytest.hookimpl(trylast=True)  # after the order has been shuffled
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Move long tests to the front of each xdist worker's share, so that they do not finish last."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    long = [item for item in items if item.get_closest_marker("long")]
    other_items = iter([item for item in items if not item.get_closest_marker("long")])
    share = -(-len(items) // workers)
    ordered: list[pytest.Item] = []
    for worker in range(workers):
        first = long[worker::workers]
        ordered += first
        ordered += islice(other_items, max(0, share - len(first)))
    items[:] = [*ordered, *other_items]


# No time limits of hypothesis: a busy machine is slow.
hypothesis.settings.register_profile(
    "house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("house")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker) -> Iterator[None]:
    """Give this process a database copied from a migrated template (tests/databases.py)."""
    from django.test import TransactionTestCase

    from jobfirst.messaging import mute
    from tests import databases

    # Not asked again while tests count queries; those of the mute switch ask.
    mute.shown_state.valid_until = math.inf

    with django_db_blocker.unblock():
        source = databases.template()
        name = databases.renew(source)
        flush = TransactionTestCase._fixture_teardown
        TransactionTestCase._fixture_teardown = lambda self: databases.renew(source)
    yield
    with django_db_blocker.unblock():
        TransactionTestCase._fixture_teardown = flush
        databases.drop(name)


@pytest.fixture(autouse=True)
def danish() -> Iterator[None]:
    """Begin each test in Danish: a request of the test before may have left another language."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture
def child_environment(db) -> dict[str, str]:
    """Return the environment of a child process that uses this test's database and Redis."""
    environment = dict(os.environ)
    name = settings.DATABASES["default"]["NAME"]
    for variable in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        environment[variable] = re.sub(r"[^/]+$", name, environment[variable])
    environment.pop("JOBFIRST_EMBEDDED", None)  # the servers are given, and kept alive by this process
    return environment
