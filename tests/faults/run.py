"""One run: faults one after the other, while people write; after each, what was acknowledged is compared."""

import http.client
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg

from jobfirst.encryption import encrypted_text
from tests.chaos.servers import wait_for
from tests.faults.system import ServiceManager, System, seconds_until
from tests.faults.writers import PREFIX, Writers, mismatches

#: Within so many seconds after a fault is over every writer has an acknowledgement, by itself.
RECOVERY_SECONDS = 90.0
STORED = "SELECT note FROM cases_mentorcontact WHERE note LIKE %s"


@dataclass
class Run:
    """What a fault works with."""

    system: System
    manager: ServiceManager
    writers: Writers
    inviter: "Callable[[str], bool] | None" = None
    readers: "dict[str, Callable[[], int]]" = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @contextmanager
    def connection(self) -> Iterator[psycopg.Connection]:
        """A connection to the application's database as the administrator of the cluster."""
        connection = self.system.connect_as_administrator()
        try:
            yield connection
        finally:
            connection.close()

    def write_for(self, seconds: float) -> None:
        """Let people write for so long."""
        time.sleep(seconds)

    def expect_pages(self) -> None:
        """Open the pages of the readers: each must be answered while the fault lasts."""
        for name, read in self.readers.items():
            try:
                status = str(read())
            except (OSError, ValueError, http.client.HTTPException) as error:
                status = f"{type(error).__name__} {error}"
            self.expect(status == "200", f"{name}: {status}")

    def expect(self, condition: object, text: str) -> None:
        """Note what is wrong when the condition does not hold."""
        if not condition:
            self.notes.append(text)


Fault = Callable[[Run], None]


@dataclass(frozen=True)
class Outcome:
    """What came of a fault."""

    name: str
    acknowledged: int
    recovery_seconds: float | None
    failures: dict[str, int]
    wrong: list[str]


def stored_texts(run: Run) -> Counter[str]:
    """Return how often each text of the writers stands in the database."""
    with run.connection() as connection:
        rows = connection.execute(STORED, [f"{encrypted_text.PREFIX}%"]).fetchall()
    texts = (encrypted_text.decrypt_text(stored, "note") for (stored,) in rows)
    return Counter(text for text in texts if text.startswith(PREFIX))


def try_fault(run: Run, name: str, fault: Fault) -> Outcome:
    """Let the fault happen, wait until everybody writes again, and compare.

    A text that was sent and not acknowledged may be there or not, but not twice.
    """
    before, failures_before = len(run.writers.acknowledged()), run.writers.failures()
    run.notes.clear()
    fault(run)
    mended = time.monotonic()
    recovery = seconds_until(lambda: run.writers.have_all_written_since(mended), RECOVERY_SECONDS)
    wrong = list(run.notes)
    if recovery is None:
        stuck = ", ".join(run.writers.stuck_since(mended))
        wrong.append(f"no write {RECOVERY_SECONDS:.0f} s after the fault was over: {stuck}")
    acknowledged = run.writers.acknowledged()  # before the look into the database
    wrong += mismatches(acknowledged, stored_texts(run))
    failures = run.writers.failures() - failures_before
    return Outcome(name, len(acknowledged) - before, recovery, dict(failures), wrong)


def wait_until_written(run: Run, seconds: float = RECOVERY_SECONDS) -> None:
    """Wait until every writer has been acknowledged once."""
    began = time.monotonic()
    assert wait_for(lambda: run.writers.have_all_written_since(began), seconds), "nobody can write"
