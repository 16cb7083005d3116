"""Faults of a migration that is under way."""

import signal
import subprocess
import sys

from psycopg import sql

from devservices.layout import PROJECT
from tests.faults.run import Run

KILLED_AFTER_SECONDS = (6, 15)
NAME = "interrupted"


def migration_killed(run: Run) -> None:
    """Kill -9 `migrate` on an empty database twice, and let it run to its end: all migrations are applied.

    Beside people's writes, in a database of its own.
    """
    with run.connection() as connection:
        owner = sql.Identifier("jobfirst_owner")
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(NAME), owner))
    environment = {**run.system.environment}
    for variable in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        environment[variable] = environment[variable].rpartition("/")[0] + f"/{NAME}"
    command = [sys.executable, "manage.py", "migrate", "--noinput", "--verbosity", "0"]
    for seconds in (*KILLED_AFTER_SECONDS, None):
        process = subprocess.Popen(command, cwd=PROJECT, env={"PATH": "/usr/bin:/bin", **environment})
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
        else:
            run.expect(code == 0, f"migrate ended with {code} after it was killed")
    checked = subprocess.run(
        [*command[:3], "--check"], cwd=PROJECT, env={"PATH": "/usr/bin:/bin", **environment}, check=False
    )
    run.expect(checked.returncode == 0, "migrations are missing after the last run")
