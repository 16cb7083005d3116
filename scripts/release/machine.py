"""The empty machine: its folder, its ports, its processes."""

import datetime
import shutil
import signal
import subprocess
from pathlib import Path

from scripts.release.waiting import TrialFailed, free_port

PROJECT = Path(__file__).resolve().parent.parent.parent
STOP_SECONDS = 60


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
