"""Locks, processes and users: all calls to the operating system."""

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
    """A flock on a file, held until `release` or the end of the process."""

    def __init__(self, path: Path) -> None:
        self.fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def share(self, subject: str) -> None:
        """Wait for the shared lock; `subject` is shown in a notice when that takes long."""
        self._wait_for(fcntl.LOCK_SH, subject)

    def take(self, subject: str) -> None:
        """Wait for the exclusive lock; `subject` is shown in a notice when that takes long."""
        self._wait_for(fcntl.LOCK_EX, subject)

    def try_take(self) -> bool:
        """Take the exclusive lock if it is free; return whether it was."""
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
    """Have `deathsignal` sent to this child when its parent dies (Linux); call before running a program.

    Call after any change of user, which clears the setting.
    """
    if LINUX:
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, deathsignal, 0, 0, 0)
        if os.getppid() != parent:  # it died before prctl
            os._exit(1)


def server_user() -> pwd.struct_passwd | None:
    """Return the user PostgreSQL must run as: `nobody` when we are root, otherwise None (this user)."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        raise ServiceError(
            "PostgreSQL does not run as root and there is no user 'nobody'; run this as an ordinary user"
        ) from None


def before_exec(user: pwd.struct_passwd | None, deathsignal: signal.Signals | None) -> Callable[[], None]:
    """Return the function that a child calls between fork and exec: switch to `user`, die with this
    process."""
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
    """Whether `pid` is a running process; a zombie is not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    if LINUX:
        try:
            # "pid (name) state ...": the name may contain spaces and parentheses.
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
        except (OSError, IndexError):
            return False
    status = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return bool(status.stdout.strip()) and not status.stdout.strip().startswith("Z")


def working_in(folder: Path, program: str, recorded_pid: int | None) -> set[int]:
    """Return the running processes of a server left over in `folder`.

    On Linux every process named `program` with that working directory; elsewhere the recorded process id, if
    it still belongs to `program`.
    """
    if not LINUX:
        if recorded_pid is None or not alive(recorded_pid):
            return set()
        process = subprocess.run(
            ["ps", "-o", "comm=", "-p", str(recorded_pid)], capture_output=True, text=True, check=False
        )
        return {recorded_pid} if program in process.stdout else set()
    pids = set()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if (
                program in (entry / "comm").read_text()
                and (entry / "cwd").samefile(folder)
                and alive(int(entry.name))
            ):
                pids.add(int(entry.name))
        except OSError:
            continue
    return pids


def end_leftovers(
    folder: Path,
    program: str,
    recorded_pid: int | None,
    gentle_signal: signal.Signals,
    is_wanted: Callable[[], bool],
) -> None:
    """Stop the processes that a killed supervisor left in `folder`; kill those that remain after 10 s.

    A new server must not start beside an old one's children, or both would write the same files. Waits as
    long as they live; AbandonedError when `is_wanted` becomes false.
    """
    began = time.monotonic()
    notice = WaitNotice(f"Waiting for an old {program} to end")
    signalled: dict[int, signal.Signals] = {}
    while pids := working_in(folder, program, recorded_pid):
        if not is_wanted():
            raise AbandonedError
        notice.subject = f"Waiting for an old {program} to end (process {', '.join(map(str, sorted(pids)))})"
        notice.show_when_due()
        number = gentle_signal if time.monotonic() - began < 10 else signal.SIGKILL
        for pid in pids:
            # Only the server itself gets the gentle signal; its children follow, or are killed after 10 s.
            is_due = number is signal.SIGKILL or recorded_pid is None or pid == recorded_pid
            if is_due and signalled.get(pid) != number:
                signalled[pid] = number
                try:
                    os.kill(pid, number)
                except ProcessLookupError:
                    continue
        time.sleep(POLL_SECONDS)


def tail(path: Path, lines: int = 3) -> str:
    """Return the last lines of a log as one line, for an error message."""
    try:
        return " / ".join(path.read_text(errors="replace").strip().splitlines()[-lines:])
    except OSError:
        return "no log"
