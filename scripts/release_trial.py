"""The trial of a release (`make release-trial`): docs/operations.md, followed to the letter.

1. A copy of the checkout in an empty folder, an empty home, no variable of the caller's environment.
2. A PostgreSQL and a Redis of its own on TCP, the database and its roles made by the statements of
   docker/roles.sh, and a mail server that delivers nothing.
3. The blocks of the page that are marked `sh step`, in their order; in those marked `sh services`, systemctl
   starts, reloads and stops what the units of deploy/systemd say; `sh database` is point 2.
4. While web is reloaded or restarted, also with a pause, requests go on: none may be answered with an error.
5. At the end: whether mails arrived, the backup has its parts, and everything is well.

Paths, ports and days of the page are replaced by those of the trial. Exit code 1 when a step fails.
"""

import argparse
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from scripts.release.machine import Machine  # noqa: E402
from scripts.release.servers import Servers  # noqa: E402
from scripts.release.systemd import Systemd  # noqa: E402
from scripts.release.waiting import TrialFailed, answer, wait_for  # noqa: E402

PAGE = PROJECT / "docs" / "operations.md"
BLOCK = re.compile(r"^```sh (step|services|database|root)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks() -> list[tuple[str, str]]:
    """Return the kind and the text of each marked block of the page, in order."""
    return BLOCK.findall(PAGE.read_text(encoding="utf-8"))


def follow_page(machine: Machine, servers: Servers, systemd: Systemd) -> None:
    """Do what the page says, block by block."""
    for kind, text in blocks():
        if kind == "step":
            machine.run_steps(text)
        elif kind == "services":
            systemd.run(text)
        elif kind == "database":
            servers.make_roles()
    systemd.finish()


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
    systemd = Systemd(machine)
    try:
        machine.prepare()
        servers.start()
        follow_page(machine, servers, systemd)
        check_end(machine)
    finally:
        machine.close()
        systemd.close()
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
