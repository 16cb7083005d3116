"""What systemd would do on the machine with the units of deploy/systemd."""

import shlex
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

from devservices.keys import read
from scripts.release.activation import activated, held_socket
from scripts.release.machine import PROJECT, Machine
from scripts.release.waiting import TrialFailed, answer, wait_for

UNITS = PROJECT / "deploy" / "systemd"
WEB = "jobfirst-web"


class Systemd:
    """Does with the units of deploy/systemd what the page asks of systemctl.

    While web is restarted or reloaded, requests go on: TrialFailed when one is not answered well.
    """

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.sockets: dict[str, socket.socket] = {}
        self.waiting: list[Callable[[], None]] = []

    def run(self, text: str) -> None:
        """Carry out the lines of a block, after what an earlier one has left to be done (`--no-block`)."""
        self.finish()
        for line in text.strip().splitlines():
            print(f"    {line}", flush=True)
            _systemctl, verb, *words = shlex.split(line)
            units = [word for word in words if not word.startswith("--") and not word.endswith(".timer")]
            for unit in units:
                if unit.endswith(".socket"):
                    self._do_socket(verb, unit)
                else:
                    self._do(verb, unit, waits="--no-block" not in words)

    def finish(self) -> None:
        """Wait for what was to be done without waiting."""
        while self.waiting:
            self.waiting.pop(0)()

    def close(self) -> None:
        """Close the sockets."""
        for listener in self.sockets.values():
            listener.close()
        self.sockets.clear()

    def _do(self, verb: str, unit: str, *, waits: bool) -> None:
        if verb == "restart" and unit == WEB:
            self._restart_web(waits=waits)
            return
        if verb in ("stop", "restart"):
            self.machine.end(unit)
        if verb in ("enable", "start", "restart"):
            self._start(unit)
        if verb == "reload":
            self._reload(unit)

    def _do_socket(self, verb: str, unit: str) -> None:
        if verb == "stop":
            self.sockets.pop(unit).close()
        elif verb in ("enable", "start") and unit not in self.sockets:
            address = self.machine.translated(unit_options(unit)["ListenStream"][0])
            self.sockets[unit] = held_socket(int(address.rpartition(":")[2]))

    def _start(self, unit: str) -> None:
        options = unit_options(unit)
        environment = self.machine.environment | read(
            self.machine.folder / "etc" / "jobfirst" / "operator.env"
        )
        for assignment in options.get("Environment", []):
            name, _equals, value = self.machine.translated(assignment).partition("=")
            environment[name] = value
        code = self.machine.folder / "opt" / "jobfirst"
        for line in options.get("ExecStartPre", []):
            subprocess.run(shlex.split(self.machine.translated(line)), env=environment, cwd=code, check=True)
        command = shlex.split(self.machine.translated(options["ExecStart"][0]))
        descriptors = []
        for required in options.get("Requires", []):
            self._do_socket("start", required)
            command = activated(self.sockets[required], command)
            descriptors.append(self.sockets[required].fileno())
        self.machine.spawn(unit, command, environment, cwd=code, pass_fds=descriptors)
        if unit == WEB:
            wait_for(lambda: answer(self.machine.web, "/sundhed/web/") == 200, "the web server")
        else:
            alive = Path(environment["JOBFIRST_ALIVE_FILE"])
            begun = time.time()
            wait_for(lambda: alive.exists() and alive.stat().st_mtime >= begun - 1, unit)

    def _restart_web(self, *, waits: bool) -> None:
        """Stop web and start it again; without `waits` the start goes on beside the next steps."""
        requests = Requests(self.machine.web).__enter__()
        time.sleep(1)
        self.machine.end(WEB)
        failures: list[BaseException] = []

        def start() -> None:
            try:
                self._start(WEB)
            except BaseException as error:
                failures.append(error)

        def finish() -> None:
            thread.join()
            requests.close()
            if failures:
                raise failures[0]
            requests.check()

        thread = threading.Thread(target=start)
        thread.start()
        self.waiting.append(finish)
        if waits:
            self.finish()

    def _reload(self, unit: str) -> None:
        """Send the signal of ExecReload while requests go on."""
        if "HUP" not in unit_options(unit)["ExecReload"][0]:
            raise TrialFailed(f"{unit} is not reloaded by SIGHUP")
        with Requests(self.machine.web) as requests:
            time.sleep(1)
            self.machine.processes[unit].send_signal(signal.SIGHUP)
            time.sleep(15)
        requests.check()


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
        self.close()

    def close(self) -> None:
        """Stop asking, when the last request is answered."""
        self.is_over.set()
        self.thread.join()

    def check(self) -> None:
        """TrialFailed when a request was not answered well, or none was sent."""
        print(f"      {self.count} requests meanwhile, not answered well: {self.failed}", flush=True)
        if self.failed or not self.count:
            raise TrialFailed("requests failed while the web server was exchanged")

    def _ask(self) -> None:
        while not self.is_over.is_set():
            status = answer(self.port, "/")
            self.count += 1
            if status is None or status >= 400:
                self.failed.append(status)


def unit_options(unit: str) -> dict[str, list[str]]:
    """Return the options of a unit (`jobfirst-web`, `jobfirst-web.socket`); a name may stand twice."""
    options: dict[str, list[str]] = {}
    path = UNITS / (unit if "." in unit else f"{unit}.service")
    for line in path.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            options.setdefault(name, []).append(value)
    return options
