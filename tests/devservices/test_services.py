"""The embedded servers: shared, stopped after the last user, and undamaged by kill -9."""

import json
import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from devservices import ServiceError, binaries, keys
from devservices.layout import PROJECT, Layout
from devservices.processes import alive
from tests.devservices import service_processes as processes

pytestmark = pytest.mark.services


@pytest.fixture
def data(tmp_path):
    """A data folder; processes that still run for it are killed after the test."""
    folder = tmp_path / "data"
    yield folder
    processes.kill(*processes.running_for(folder))


def test_commands_at_once_share_one_server(data):
    reports = [processes.report_of(client) for client in [processes.start(data) for _ in range(4)]]
    assert len({report["started"] for report in reports}) == 1
    assert len({report["redis"] for report in reports}) == 1
    assert len({report["supervisor"] for report in reports}) == 1
    assert sorted(report["visits"] for report in reports)[-1] == 4


def test_the_servers_stop_when_nobody_is_left_and_the_data_stay(data):
    holder, first = processes.start_holder(data)
    time.sleep(1)  # longer than the grace
    assert processes.run_client(data)["supervisor"] == first["supervisor"]
    processes.release(holder)
    processes.wait_until_gone(data)
    second_report = processes.run_client(data)
    assert second_report["supervisor"] != first["supervisor"]
    assert (second_report["visits"], second_report["counter"]) == (3, 3)


def test_a_killed_command_does_not_keep_the_servers(data):
    holder, _ = processes.start_holder(data)
    holder.kill()
    holder.communicate()
    processes.wait_until_gone(data)


def test_killing_the_supervisor_ends_its_servers_and_stops_nobody(data):
    holder, first = processes.start_holder(data)
    processes.kill(first["supervisor"])
    second_report = processes.run_client(data)  # at once, while the old servers are still ending
    assert second_report["supervisor"] != first["supervisor"]
    assert (second_report["visits"], second_report["counter"]) == (2, 2)
    assert not alive(first["redis"])
    processes.release(holder)
    processes.wait_until_gone(data)


def test_no_server_outlives_a_killed_supervisor(data):
    holder, first = processes.start_holder(data)
    processes.kill(first["supervisor"])
    processes.release(holder)
    processes.wait_until_gone(data)


@pytest.mark.parametrize("victim", ["postmaster", "redis"])
def test_a_killed_server_is_started_again(data, victim):
    holder, first = processes.start_holder(data)
    processes.kill(processes.postmaster(data) if victim == "postmaster" else first["redis"])
    deadline = time.monotonic() + processes.HANG_SECONDS
    while json.loads(Layout(data).state.read_text())["ready"] != ["postgres", "redis"]:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    second_report = processes.run_client(data)
    assert second_report["supervisor"] == first["supervisor"]
    assert (second_report["visits"], second_report["counter"]) == (2, 2)
    processes.release(holder)


def test_everything_killed_at_once_starts_again(data):
    holder, _ = processes.start_holder(data)
    processes.kill(holder.pid, *processes.running_for(data))
    holder.communicate()
    second_report = processes.run_client(data)
    assert (second_report["visits"], second_report["counter"]) == (2, 2)


SERVER_USER = "nobody" if os.geteuid() == 0 else None


def test_a_lock_file_naming_a_zombie_is_stale(data):
    processes.run_client(data)
    processes.wait_until_gone(data)
    zombie = subprocess.Popen(["/bin/true"], user=SERVER_USER)
    while alive(zombie.pid):
        time.sleep(0.01)
    (data / "pg" / "postmaster.pid").write_text(f"{zombie.pid}\n/proc/self/cwd\n")
    assert processes.run_client(data)["visits"] == 2
    zombie.wait()


def test_a_lock_file_naming_another_program_is_stale_and_that_program_unharmed(data):
    processes.run_client(data)
    processes.wait_until_gone(data)
    with subprocess.Popen(["/bin/sleep", "60"], user=SERVER_USER) as other_process:
        (data / "pg" / "postmaster.pid").write_text(f"{other_process.pid}\n/proc/self/cwd\n")
        (data / "redis" / "redis.pid").write_text(f"{other_process.pid}\n")
        assert processes.run_client(data)["visits"] == 2
        assert other_process.poll() is None
        other_process.kill()


def test_an_interrupted_beginning_is_begun_again(data):
    (data / "pg" / "base").mkdir(parents=True)
    if os.geteuid() == 0:
        os.chown(data / "pg", pwd.getpwnam("nobody").pw_uid, -1)
    assert processes.run_client(data)["visits"] == 1


def test_a_folder_too_deep_for_a_socket(data):
    deep = data / ("long" * 20) / ("name" * 20) / "æøå"
    assert processes.run_client(deep)["visits"] == 1
    assert processes.run_client(deep)["visits"] == 2
    Layout(deep).reachable_root().unlink()


def test_a_link_of_somebody_else_is_not_followed(data, tmp_path):
    deep = Layout(data / ("long" * 30))
    link = deep.reachable_root()
    link.unlink()
    link.symlink_to(tmp_path)
    with pytest.raises(ServiceError, match=f"rm {link}"):
        deep.reachable_root()
    link.unlink()


def test_what_is_kept_is_closed_to_others(data):
    processes.run_client(data)
    mode = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (data, *data.iterdir())}
    assert mode["data"] == mode["pg"] == mode["redis"] == mode["logs"] == mode["mail"] == 0o700
    assert mode["keys.env"] == 0o600
    secrets = keys.read(data / "keys.env")
    assert set(secrets) == set(keys.NAMES)
    assert len(set(secrets.values())) == len(secrets)
    processes.run_client(data)
    assert keys.read(data / "keys.env") == secrets


def test_variables_of_other_servers_are_not_listened_to(data):
    assert (
        processes.run_client(data, PGHOST="elsewhere", PGPORT="1", PGDATA="/nowhere", PGUSER="x")["visits"]
        == 1
    )


def test_only_what_is_not_given_is_started(data):
    script = "import os; import devservices; devservices.ensure(); print(os.environ['REDIS_URL'])"
    variables = {"DATABASE_URL": "postgres://somebody@elsewhere/db"}
    process = subprocess.run(
        [sys.executable, "-c", script + "; print(os.environ.get('JOBFIRST_CPR_KEYS'))"],
        env=processes.environment(data) | variables,
        capture_output=True,
        text=True,
        check=True,
    )
    assert process.stdout.split() == [f"unix://{data}/redis/redis.sock?db=0", "None"]
    assert not (data / "pg").exists()


def message(data: Path, project: Path = PROJECT, **variables: str) -> str:
    """Return the error of a command that cannot start: one line, no traceback, status 1."""
    process = subprocess.run(
        [sys.executable, "manage.py", "showmigrations"],
        cwd=project,
        env=processes.environment(data) | {"PYTHONPATH": ""} | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 1
    assert process.stdout == ""
    lines = [line for line in process.stderr.splitlines() if not line.startswith("Waiting for ")]
    assert len(lines) == 1, process.stderr
    return lines[0]


def test_missing_programs_name_the_command_to_type(data, tmp_path):
    bare = tmp_path / "bare"
    bare.mkdir()
    shutil.copy(PROJECT / "manage.py", bare)
    shutil.copytree(PROJECT / "jobfirst", bare / "jobfirst")
    assert "type `make setup`" in message(data, bare)


def test_a_data_folder_that_cannot_be_made_names_the_variable(tmp_path):
    (tmp_path / "file").touch()
    assert "set JOBFIRST_DATA_DIR" in message(tmp_path / "file" / "data")


def test_lost_keys_are_told_from_a_broken_server(data):
    processes.run_client(data)
    processes.wait_until_gone(data)
    (data / "keys.env").unlink()
    assert "bring back the keys.env" in message(data)


def test_programs_in_a_closed_folder_are_relayed(monkeypatch):
    package = binaries.postgres_package()
    if os.geteuid() != 0:
        # Only root's servers run as somebody else; one's own programs are run where they are.
        assert binaries.postgres_home(None) == package / "native"
        return
    user = pwd.getpwnam("nobody")
    with tempfile.TemporaryDirectory() as closed, tempfile.TemporaryDirectory() as reachable:
        os.chmod(reachable, 0o755)
        moved = Path(closed) / "package"
        shutil.copytree(package, moved, symlinks=True, copy_function=os.link)
        monkeypatch.setattr(binaries, "postgres_package", lambda: moved)
        monkeypatch.setattr(binaries, "RELAYS", (Path(reachable),))
        home = binaries.postgres_home(user)
        assert home.is_relative_to(reachable)
        assert binaries.postgres_home(user) == home
        process = subprocess.run([home / "bin" / "postgres", "--version"], capture_output=True, check=True)
        assert b"18." in process.stdout
        os.chmod(home, 0o777)
        with pytest.raises(ServiceError, match="not root's alone"):
            binaries.postgres_home(user)
