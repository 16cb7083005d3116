"""The trial of a release (`make release-trial`): docs/operations.md, followed to the letter.

1. A copy of the checkout in an empty folder, an empty home, no variable of the caller's environment.
2. A PostgreSQL and a Redis of its own on TCP, the database and its roles made by the statements of
   docker/roles.sh, and a mail server that delivers nothing.
3. The blocks of the page that are marked `sh step`, in their order; in those marked `sh services`, systemctl
   starts, reloads and stops what the units of deploy/systemd say; `sh database` is point 2.
4. While a version is put in place (the reload), requests go on: none may be answered with an error.
5. At the end: whether mails arrived, the backup has its parts, and everything is well.

Paths, ports and days of the page are replaced by those of the trial. Exit code 1 when a step fails.
"""

import argparse
import datetime
import http.client
import os
import re
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from devservices.binaries import postgres_home, redis_program  # noqa: E402
from devservices.keys import read  # noqa: E402
from devservices.processes import before_exec, server_user  # noqa: E402

PAGE = PROJECT / "docs" / "operations.md"
UNITS = PROJECT / "deploy" / "systemd"
BLOCK = re.compile(r"^```sh (step|services|database|root)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HOST = "jobfirst.example"
STOP_SECONDS = 60
START_SECONDS = 180


class TrialFailed(Exception):
    """What went wrong, in one sentence."""


def blocks() -> list[tuple[str, str]]:
    """Return the kind and the text of each marked block of the page, in order."""
    return BLOCK.findall(PAGE.read_text(encoding="utf-8"))


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


class Machine:
    """The empty machine: its folder, its ports, its processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.web, self.database, self.redis, self.mail = (free_port() for _number in range(4))
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        today = datetime.date.today()  # noqa: DTZ011 - the day of the machine, as its commands take it
        first = (today - datetime.timedelta(days=30)).isoformat()
        last = (today + datetime.timedelta(days=640)).isoformat()
        self.replacements = {
            "/opt/jobfirst": f"{folder}/opt/jobfirst",
            "/etc/jobfirst": f"{folder}/etc/jobfirst",
            "/var/lib/jobfirst": f"{folder}/var/lib/jobfirst",
            "/var/backups/jobfirst": f"{folder}/var/backups/jobfirst",
            "/run/jobfirst": f"{folder}/run/jobfirst",
            "127.0.0.1:8000": f"127.0.0.1:{self.web}",
            "PORT=8000": f"PORT={self.web}",
            "127.0.0.1:5432": f"127.0.0.1:{self.database}",
            "127.0.0.1:6379": f"127.0.0.1:{self.redis}",
            "smtp+tls://USER:PASSWORD@mail.example:587": f"smtp://127.0.0.1:{self.mail}",
            "2027-01-01;2028-10-31": f"{first};{last}",
            "2027-01-15": today.isoformat(),
        }
        self.environment = {
            "PATH": f"{PROJECT / '.venv' / 'bin'}:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(folder / "home"),
            "LANG": "C.UTF-8",
            "JOBFIRST_CONFIGURATION": str(folder / "etc" / "jobfirst"),  # for deploy/jobfirst
        }

    def translated(self, text: str) -> str:
        """Return a text of the page or of a unit with the paths, ports and days of the trial."""
        for name, value in self.replacements.items():
            text = text.replace(name, value)
        return text

    def prepare(self) -> None:
        """Make the folders, and copy the release with packages, assets and translations (steps 1, 2)."""
        for name in ("etc/jobfirst", "etc/jobfirst-agency", "var/lib/jobfirst", "var/backups/jobfirst"):
            (self.folder / name).mkdir(mode=0o700, parents=True)
        for name in ("home", "run/jobfirst-worker", "run/jobfirst-beat", "mail", "logs"):
            (self.folder / name).mkdir(mode=0o700, parents=True)
        code = self.folder / "opt" / "jobfirst"
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=PROJECT, capture_output=True, check=True)
        names = [name for name in listed.stdout.decode().split("\0") if name and (PROJECT / name).is_file()]
        names += [str(path.relative_to(PROJECT)) for path in PROJECT.glob("locale/*/LC_MESSAGES/*.mo")]
        for name in names:
            (code / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT / name, code / name)
        shutil.copytree(PROJECT / "static" / "vendor", code / "static" / "vendor")
        (code / "venv").symlink_to((PROJECT / ".venv").resolve())

    def run_steps(self, text: str) -> None:
        """Run a block as the page has it; TrialFailed with the end of its output when a line fails."""
        script = "set -eu\n" + self.translated(text)
        for line in text.strip().splitlines():
            print(f"    {line}", flush=True)
        process = subprocess.run(
            ["/bin/sh", "-c", script],
            cwd=self.folder / "home",
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if process.returncode:
            raise TrialFailed(f"exit code {process.returncode}: {process.stdout[-2000:]}")
        for path in (self.folder / "etc" / "jobfirst").glob(
            "*.env"
        ):  # what the page's program wrote into them
            path.write_text(self.translated(self.original(path.read_text())))

    def original(self, text: str) -> str:
        """Return a text in which nothing is replaced yet, so that replacing it again changes nothing."""
        for name, value in reversed(self.replacements.items()):
            text = text.replace(value, name)
        return text

    def spawn(self, name: str, command: list[str], environment: dict[str, str], **options: object) -> None:
        """Start a process whose output goes to a log of its name."""
        with (self.folder / "logs" / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(  # type: ignore[call-overload]  # options are Popen's
                command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **options
            )

    def end(self, name: str) -> None:
        """Stop a process in order; kill it when it still runs after a minute."""
        process = self.processes.pop(name, None)
        if process is None:
            return
        process.send_signal(signal.SIGINT if name == "postgres" else signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def close(self) -> None:
        for name in reversed(list(self.processes)):
            self.end(name)


class Servers:
    """PostgreSQL, Redis and the mail server of the machine."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.password = secrets.token_hex(16)

    def start(self) -> None:
        """Start PostgreSQL and Redis on TCP, and a mail server that stores what it gets."""
        self._start_postgres()
        folder = self.machine.folder / "redis"
        folder.mkdir()
        options = [
            "--port",
            str(self.machine.redis),
            "--bind",
            "127.0.0.1",
            "--maxmemory-policy",
            "noeviction",
        ]
        self.machine.spawn("redis", [str(redis_program()), *options], {"PATH": "/usr/bin:/bin"}, cwd=folder)
        mail = ["-m", "devservices.mailcatcher", str(self.machine.folder / "mail")]
        self.machine.spawn(
            "mail",
            [sys.executable, *mail, "--port", str(self.machine.mail)],
            self.machine.environment,
            cwd=PROJECT,
        )
        for port in (self.machine.redis, self.machine.mail, self.machine.database):
            wait_for(lambda port=port: is_listening(port), f"port {port}")

    def _start_postgres(self) -> None:
        user = server_user()
        home = postgres_home(user)
        folder = Path(tempfile.mkdtemp(prefix="jobfirst-trial-pg-"))
        self.folder = folder
        password = folder / "password"
        password.write_text(self.password)
        data = folder / "data"
        data.mkdir(mode=0o700)
        if user is not None:
            for path in (folder, password, data):
                os.chown(path, user.pw_uid, user.pw_gid)
        environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
        as_user = {"cwd": data, "preexec_fn": before_exec(user, signal.SIGINT)}
        options = ["--username=postgres", f"--pwfile={password}", "--auth=scram-sha-256", "--no-sync"]
        initdb = [
            str(home / "bin" / "initdb"),
            f"--pgdata={data}",
            *options,
            "--encoding=UTF8",
            "--locale=C.UTF-8",
        ]
        subprocess.run(initdb, env=environment, stdout=subprocess.DEVNULL, check=True, **as_user)  # type: ignore[call-overload]
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.machine.database),
            "unix_socket_directories": "",
            "fsync": "off",
            "log_min_error_statement": "panic",
        }
        command = [str(home / "bin" / "postgres"), "-D", str(data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        self.machine.spawn("postgres", command, environment, **as_user)

    def make_roles(self) -> None:
        """Run the statements of docker/roles.sh with the passwords of owner.env."""
        import psycopg
        from psycopg import sql

        owner = read(self.machine.folder / "etc" / "jobfirst" / "owner.env")
        script = (PROJECT / "docker" / "roles.sh").read_text().partition("<<'SQL'\n")[2].rpartition("SQL")[0]
        passwords = {
            ":'owner_password'": owner["JOBFIRST_OWNER_PASSWORD"],
            ":'app_password'": owner["JOBFIRST_APP_PASSWORD"],
        }
        for name, value in passwords.items():
            script = script.replace(name, sql.Literal(value).as_string())
        with psycopg.connect(
            host="127.0.0.1",
            port=self.machine.database,
            user="postgres",
            password=self.password,
            dbname="postgres",
            autocommit=True,
        ) as connection:
            for statement in filter(str.strip, script.split(";\n")):
                connection.execute(statement)  # type: ignore[call-overload]  # the statements of our own file

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


class Systemd:
    """Does with the units of deploy/systemd what the page asks of systemctl."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine

    def run(self, text: str) -> None:
        """Carry out the lines of a block."""
        for line in text.strip().splitlines():
            print(f"    {line}", flush=True)
            _systemctl, verb, *words = shlex.split(line)
            units = [word for word in words if not word.startswith("--") and not word.endswith(".timer")]
            for unit in units:
                self._do(verb, unit)

    def _do(self, verb: str, unit: str) -> None:
        if verb in ("stop", "restart"):
            self.machine.end(unit)
        if verb in ("enable", "start", "restart"):
            self._start(unit)
        if verb == "reload":
            self._reload(unit)

    def _start(self, unit: str) -> None:
        options = unit_options(unit)
        environment = self.machine.environment | read(
            self.machine.folder / "etc" / "jobfirst" / "operator.env"
        )
        for assignment in options.get("Environment", []):
            name, _equals, value = self.machine.translated(assignment).partition("=")
            environment[name] = value
        command = shlex.split(self.machine.translated(options["ExecStart"][0]))
        code = self.machine.folder / "opt" / "jobfirst"
        self.machine.spawn(unit, command, environment, cwd=code)
        if unit == "jobfirst-web":
            wait_for(lambda: answer(self.machine.web, "/sundhed/web/") == 200, "the web server")
        else:
            alive = Path(environment["JOBFIRST_ALIVE_FILE"])
            begun = time.time()
            wait_for(lambda: alive.exists() and alive.stat().st_mtime >= begun - 1, unit)

    def _reload(self, unit: str) -> None:
        """Send the signal of ExecReload while requests go on; TrialFailed when one is not answered well."""
        if "HUP" not in unit_options(unit)["ExecReload"][0]:
            raise TrialFailed(f"{unit} is not reloaded by SIGHUP")
        with Requests(self.machine.web) as requests:
            time.sleep(1)
            self.machine.processes[unit].send_signal(signal.SIGHUP)
            time.sleep(15)
        print(f"      {requests.count} requests meanwhile, not answered well: {requests.failed}", flush=True)
        if requests.failed or not requests.count:
            raise TrialFailed("requests failed while the web server was reloaded")


class Requests:
    """Asks the site again and again in a thread of its own."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.count = 0
        self.failed: list[object] = []
        self.thread = threading.Thread(target=self._ask)
        self.is_over = threading.Event()

    def __enter__(self) -> "Requests":
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.is_over.set()
        self.thread.join()

    def _ask(self) -> None:
        while not self.is_over.is_set():
            status = answer(self.port, "/")
            self.count += 1
            if status is None or status >= 400:
                self.failed.append(status)


def unit_options(unit: str) -> dict[str, list[str]]:
    """Return the options of a unit: a name may stand several times."""
    options: dict[str, list[str]] = {}
    for line in (UNITS / f"{unit}.service").read_text(encoding="utf-8").splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            options.setdefault(name, []).append(value)
    return options


def is_listening(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True


def answer(port: int, path: str) -> int | None:
    """Return the status of an answer as the proxy would get it; None without one."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers={"Host": HOST, "X-Forwarded-Proto": "https"})
        response = connection.getresponse()
        response.read()
        return response.status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def wait_for(is_there: Callable[[], bool], subject: str) -> None:
    """Wait until something is there; TrialFailed after three minutes."""
    deadline = time.monotonic() + START_SECONDS
    while not is_there():
        if time.monotonic() > deadline:
            raise TrialFailed(f"{subject} did not start within {START_SECONDS} s")
        time.sleep(0.3)


def follow_page(machine: Machine, servers: Servers) -> None:
    """Do what the page says, block by block."""
    systemd = Systemd(machine)
    for kind, text in blocks():
        if kind == "step":
            machine.run_steps(text)
        elif kind == "services":
            systemd.run(text)
        elif kind == "database":
            servers.make_roles()


def check_end(machine: Machine) -> None:
    """Raise TrialFailed when mails did not arrive, a backup lacks parts, or the system is not well."""
    mails = sum(1 for path in (machine.folder / "mail").rglob("*") if path.is_file())
    if mails < 3:
        raise TrialFailed(f"{mails} mails arrived, and three were invited")
    for name in ("by-hand", "before-the-upgrade"):
        folder = machine.folder / "var" / "backups" / "jobfirst" / name
        if not {"database", "manifest.json", "manifest.sha256"} <= {path.name for path in folder.iterdir()}:
            raise TrialFailed(f"the backup {name} is not whole")
    wait_for(lambda: answer(machine.web, "/sundhed/klar/") == 200, "the whole system")
    print(f"Mails: {mails}; the whole system is well.")


def trial(folder: Path) -> None:
    """Follow the page in the folder; TrialFailed at the first step that fails."""
    machine = Machine(folder)
    servers = Servers(machine)
    try:
        machine.prepare()
        servers.start()
        follow_page(machine, servers)
        check_end(machine)
    finally:
        machine.close()
        servers.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="Follows docs/operations.md on an empty machine.")
    parser.add_argument("--keep", action="store_true", help="leave the folder with its logs")
    keep = parser.parse_args().keep
    folder = Path(tempfile.mkdtemp(prefix="jobfirst-trial-"))
    begun = time.monotonic()
    try:
        trial(folder)
    except TrialFailed as error:
        logs = "".join(
            f"\n== {path.name}\n{path.read_text(errors='replace')[-1500:]}"
            for path in (folder / "logs").iterdir()
        )
        sys.exit(f"{logs}\n\nThe trial failed: {error}")
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"The page was followed to its end in {time.monotonic() - begun:.0f} s.")


if __name__ == "__main__":
    main()
