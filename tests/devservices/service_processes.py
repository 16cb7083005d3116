"""Start commands on a data folder of their own, and list the processes that run for it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from devservices.keys import NAMES
from devservices.layout import PROJECT, Layout
from devservices.processes import alive

FILLED = {*NAMES, "DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "JOBFIRST_EMBEDDED", "JOBFIRST_MODE"}
FILLED |= {"JOBFIRST_INSECURE_HTTP", "JOBFIRST_BASE_URL", "DJANGO_ALLOWED_HOSTS", "EMAIL_URL"}
FILLED |= {"JOBFIRST_REQUIRE_SECOND_STEP"}

# Only a test that hangs is ended by this; a slow machine is waited for.
HANG_SECONDS = 600

# Joins, asks both servers who they are, and (with "hold") stays until its input ends.
CLIENT = """
import environ, json, os, psycopg, redis, sys
import devservices
devservices.ensure()
url = environ.Env.db_url_config(os.environ["DATABASE_OWNER_URL"])
connection = psycopg.connect(host=url["HOST"], port=url["PORT"], user=url["USER"], password=url["PASSWORD"],
                             dbname=url["NAME"], autocommit=True)
connection.execute("SELECT pg_advisory_lock(1)")
connection.execute("CREATE TABLE IF NOT EXISTS visits (at timestamptz DEFAULT clock_timestamp())")
connection.execute("SELECT pg_advisory_unlock(1)")
connection.execute("INSERT INTO visits DEFAULT VALUES")
client = redis.from_url(os.environ["REDIS_URL"])
print(json.dumps({
    "started": str(connection.execute("SELECT pg_postmaster_start_time()").fetchone()[0]),
    "visits": connection.execute("SELECT count(*) FROM visits").fetchone()[0],
    "redis": client.info()["process_id"],
    "counter": client.incr("visits"),
    "supervisor": json.load(open(os.environ["JOBFIRST_DATA_DIR"] + "/supervisor.json"))["pid"],
}), flush=True)
if "hold" in sys.argv:
    sys.stdin.read()
"""


def environment(data: Path, grace: float = 0.3) -> dict[str, str]:
    """Return the environment of a command that has no servers configured and works in `data`."""
    inherited = {name: value for name, value in os.environ.items() if name not in FILLED}
    return inherited | {
        "JOBFIRST_DATA_DIR": str(data),
        "JOBFIRST_SERVICES_GRACE": str(grace),
        "JOBFIRST_SERVICES_FSYNC": "off",
        "PYTHONPATH": str(PROJECT),
    }


def start(data: Path, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CLIENT, *arguments],
        env=environment(data) | variables,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def report_of(process: subprocess.Popen[str]) -> dict:
    """Wait for a client to end without an error; return its JSON output."""
    out, err = process.communicate(timeout=HANG_SECONDS)
    assert process.returncode == 0, err
    return json.loads(out)


def run_client(data: Path, **variables: str) -> dict:
    return report_of(start(data, **variables))


def start_holder(data: Path) -> tuple[subprocess.Popen[str], dict]:
    """Start a client that keeps running; return it and its JSON output."""
    process = start(data, "hold")
    line = process.stdout.readline()
    assert line, process.stderr.read()
    return process, json.loads(line)


def release(process: subprocess.Popen[str]) -> None:
    process.communicate(timeout=HANG_SECONDS)


def running_for(data: Path) -> dict[int, str]:
    """Return the processes that work in `data` or have it on their command line, without this one."""
    processes = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            working_directory = os.readlink(entry / "cwd")
        except OSError:
            continue
        if (str(data) in words or Path(working_directory).is_relative_to(data)) and alive(int(entry.name)):
            processes[int(entry.name)] = words
    return processes


def children_of(pid: int) -> dict[int, str]:
    """Return the child processes of `pid` with their command lines."""
    processes = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            words = (stat.parent / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if parent == pid:
            processes[int(stat.parent.name)] = words
    return processes


def wait_until_gone(data: Path) -> None:
    deadline = time.monotonic() + HANG_SECONDS
    while processes := running_for(data):
        assert time.monotonic() < deadline, processes
        time.sleep(0.05)


def postmaster(data: Path) -> int:
    return int((Layout(data).postgres / "postmaster.pid").read_text().split()[0])


def kill(*pids: int) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:  # it was ending by itself
            continue
