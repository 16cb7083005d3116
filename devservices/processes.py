"""Locks, parentage and other users' rights: what the operating system is asked, in one place."""

import ctypes
import fcntl
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from devservices.errors import AbandonedError, ServiceError
from devservices.waiting import WaitNotice

LINUX = sys.platform.startswith("linux")
PR_SET_PDEATHSIG = 1
POLL_SECONDS = 0.02


class Lock:
    """A flock on a file, held until `release` or the end of the process (however it ends)."""

    def __init__(self, path: Path) -> None:
        self.fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def share(self, subject: str) -> None:
        """Wait for, and take, a shared hold; `subject` is the notice shown when that takes long."""
        self._wait_for(fcntl.LOCK_SH, subject)

    def take(self, subject: str) -> None:
        """Wait for, and take, the exclusive hold; `subject` is the notice shown when that takes long."""
        self._wait_for(fcntl.LOCK_EX, subject)

    def try_take(self) -> bool:
        """Take the exclusive hold if nobody has any; say whether it was had."""
        return self._try(fcntl.LOCK_EX)

    def _try(self, kind: int) -> bool:
        try:
            fcntl.flock(self.fd, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _wait_for(self, kind: int, subject: str) -> None:
        notice = WaitNotice(subject)
        while not self._try(kind):
            notice.show_when_due()
            time.sleep(POLL_SECONDS)

    def release(self) -> None:
        os.close(self.fd)


def die_with_parent(deathsignal: signal.Signals, parent: int) -> None:
    """In a child about to run a program: have `deathsignal` sent to it when the parent dies (Linux).

    Must come after any change of user, which clears the setting.
    """
    if LINUX:
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, deathsignal, 0, 0, 0)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)


def server_user() -> pwd.struct_passwd | None:
    """Return the user PostgreSQL must run as: `nobody` when we are root, otherwise None (ourselves)."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        raise ServiceError(
            "PostgreSQL does not run as root and there is no user 'nobody'; run this as an ordinary user"
        ) from None


def before_exec(user: pwd.struct_passwd | None, deathsignal: signal.Signals | None) -> Callable[[], None]:
    """Return what a child does between fork and exec: become `user`, and tie itself to this process."""
    parent = os.getpid()

    def prepare() -> None:
        if user is not None:
            os.setgroups([])
            os.setgid(user.pw_gid)
            os.setuid(user.pw_uid)
        if deathsignal is not None:
            die_with_parent(deathsignal, parent)

    return prepare


def alive(pid: int) -> bool:
    """Say whether `pid` is a process that still runs; a zombie does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    if LINUX:
        try:
            # "pid (name) state ...": the name may hold blanks and brackets.
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
        except (OSError, IndexError):
            return False
    shown = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(shown.stdout.strip()) and not shown.stdout.strip().startswith("Z")


def working_in(folder: Path, program: str, recorded_pid: int | None) -> set[int]:
    """Return the running processes of a server left over in `folder`.

    On Linux every process named `program` whose working directory it is; elsewhere the one whose number the
    server wrote down, if that number still belongs to `program`.
    """
    if not LINUX:
        if recorded_pid is None or not alive(recorded_pid):
            return set()
        shown = subprocess.run(
            ["ps", "-o", "comm=", "-p", str(recorded_pid)], capture_output=True, text=True, check=False
        )
        return {recorded_pid} if program in shown.stdout else set()
    found = set()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if (
                program in (entry / "comm").read_text()
                and (entry / "cwd").samefile(folder)
                and alive(int(entry.name))
            ):
                found.add(int(entry.name))
        except OSError:
            continue
    return found


def end_leftovers(
    folder: Path,
    program: str,
    recorded_pid: int | None,
    gentle: signal.Signals,
    is_wanted: Callable[[], bool],
) -> None:
    """End what an earlier, killed supervisor left running in `folder`: asked first, made to after 10 s.

    A new server must not start beside an old one's children, or both would write the same files. So they are
    waited for as long as they live; AbandonedError when `is_wanted` says no meanwhile.
    """
    asked = time.monotonic()
    notice = WaitNotice(f"Waiting for an old {program} to end")
    signalled: dict[int, signal.Signals] = {}
    while left := working_in(folder, program, recorded_pid):
        if not is_wanted():
            raise AbandonedError
        notice.subject = f"Waiting for an old {program} to end (process {', '.join(map(str, sorted(left)))})"
        notice.show_when_due()
        wish = gentle if time.monotonic() - asked < 10 else signal.SIGKILL
        for pid in left:
            # Only the server itself is asked; its children follow it, or are ended after 10 s.
            asks = wish is signal.SIGKILL or recorded_pid is None or pid == recorded_pid
            if asks and signalled.get(pid) != wish:
                signalled[pid] = wish
                try:
                    os.kill(pid, wish)
                except ProcessLookupError:
                    continue
        time.sleep(POLL_SECONDS)


def tail(path: Path, lines: int = 3) -> str:
    """Return the last lines of a log as one line, for an error message."""
    try:
        return " / ".join(path.read_text(errors="replace").strip().splitlines()[-lines:])
    except OSError:
        return "no log"
