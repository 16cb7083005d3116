"""Faults of PostgreSQL: killed, stopped, failing over, full, out of connections, locked."""

import os
import resource
import signal
import time
from contextlib import suppress

import psycopg

from devservices.binaries import postgres_home
from devservices.layout import Layout
from tests.chaos.servers import wait_for
from tests.faults.run import Run
from tests.faults.standby import start_standby
from tests.faults.system import REPLICATION, children_of

APPLICATION = "jobfirst_app"
BACKENDS = "SELECT pid FROM pg_stat_activity WHERE usename = %s AND pid <> pg_backend_pid()"


def backend_killed(run: Run) -> None:
    """Kill -9 a server process of one connection: PostgreSQL ends all others and recovers."""
    with run.connection() as connection:
        pids = [pid for (pid,) in connection.execute(BACKENDS, [APPLICATION])]
    os.kill(pids[0], signal.SIGKILL)
    run.write_for(3)


def postmaster_killed(run: Run) -> None:
    """Kill -9 the server; it is started again."""
    run.system.kill("postgres")
    run.write_for(2)


def stopped_immediately(run: Run) -> None:
    """Stop the server at once (SIGQUIT): no checkpoint, recovery from the log."""
    _restart(run, signal.SIGQUIT)


def stopped_fast(run: Run) -> None:
    """Stop the server as at a planned restart (SIGINT)."""
    _restart(run, signal.SIGINT)


def _restart(run: Run, number: signal.Signals) -> None:
    process = run.system.postgres.process
    assert process is not None
    process.send_signal(number)
    process.wait(60)
    run.write_for(2)
    run.system.postgres.start(lambda: True)


def connections_ended(run: Run) -> None:
    """End every connection of the application, again and again for three seconds."""
    _again_and_again(run, 3, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s")


def statements_cancelled(run: Run) -> None:
    """Cancel every statement that runs, as a statement timeout does, for three seconds."""
    _again_and_again(run, 3, "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE usename = %s")


def _again_and_again(run: Run, seconds: float, statement: str) -> None:
    with run.connection() as connection:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            connection.execute(statement, [APPLICATION])
            time.sleep(0.02)


def frozen(run: Run) -> None:
    """Stop every process of the server for five seconds, as a stalled disk does."""
    process = run.system.postgres.process
    assert process is not None
    pids = [process.pid, *children_of(process.pid)]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    time.sleep(5)
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def connections_exhausted(run: Run) -> None:
    """Take every connection that the application has not, end its own, and hold them for four seconds."""
    held: list[psycopg.Connection] = []
    with run.connection() as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", [APPLICATION]
        )
        with suppress(psycopg.OperationalError):
            while True:
                held.append(run.system.connect_as_application())
    time.sleep(4)
    for other in held:
        other.close()


def table_locked(run: Run) -> None:
    """Hold the lock of a migration on a table that everybody needs, for four seconds."""
    with run.connection() as connection, connection.transaction():
        connection.execute("LOCK TABLE cases_course IN ACCESS EXCLUSIVE MODE")
        time.sleep(4)


def deadlocks(run: Run) -> None:
    """Take locks in the other order than the writers, so that PostgreSQL ends one of both."""
    for _ in range(4):
        with (
            run.connection() as connection,
            suppress(psycopg.errors.DeadlockDetected),
            connection.transaction(),
        ):
            connection.execute("LOCK TABLE cases_mentorcontact IN SHARE MODE")
            time.sleep(0.5)
            connection.execute("SELECT pk.id FROM cases_course pk ORDER BY pk.id FOR UPDATE")


def disk_full(run: Run) -> None:
    """Restart the server so that none of its processes can write a file beyond 1 MB, as with a full disk
    (EFBIG instead of ENOSPC): it panics when it writes its log. After five seconds there is room again."""
    server = run.system.postgres
    server.stop()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, hard))  # inherited by what is started now
    try:
        server._launch(postgres_home(server.user))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    run.write_for(5)
    if server.running():
        server.process.kill()
        server.process.wait()
    server.start(lambda: True)


def failover(run: Run) -> None:
    """Kill -9 the server whose every commit a standby has confirmed, and promote the standby.

    The address moves to it, as a virtual address does.
    """
    system = run.system
    primary, layout = system.postgres, Layout(system.folder / "standby")
    standby = start_standby(primary, layout, REPLICATION)
    with run.connection() as connection:
        connection.execute("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
        connection.execute("SELECT pg_reload_conf()")
        is_in_step = wait_for(lambda: _is_synchronous(connection), 30)
    run.expect(is_in_step, "the standby does not follow")
    run.write_for(2)
    assert primary.process is not None
    primary.process.kill()
    primary.process.wait()
    with standby.connect() as connection:
        connection.execute("SELECT pg_promote(true, 30)")
    address = system.layout.postgres
    address.rename(address.with_name("pg-former"))
    address.symlink_to(layout.postgres)
    system.postgres = standby


def _is_synchronous(connection: psycopg.Connection) -> bool:
    row = connection.execute("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'").fetchone()
    return bool(row and row[0])
