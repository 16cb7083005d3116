"""What systemd would do on the machine with the units of deploy/systemd."""

import shlex
import signal
import threading
import time
from pathlib import Path

from devservices.keys import read
from scripts.release.machine import PROJECT, Machine
from scripts.release.waiting import TrialFailed, answer, wait_for

UNITS = PROJECT / "deploy" / "systemd"


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
