"""Small programs of our own that look into files of strangers, each in a process with limits.

`run` is for the caller: it starts the program with the file on its standard input and almost no environment,
and ends it when its time is up. `limit` is for the program: it bounds memory, processor time and what may be
written, before anything of the file is read. Nothing here imports Django, so that such a program starts
quickly and knows neither the database nor the keys.
"""

import contextlib
import enum
import os
import re
import sys
from pathlib import Path
from typing import BinaryIO, NamedTuple

#: All that a program knows of our environment; no key and no password is in it.
ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")

#: Where a system keeps all its locales in one large file, that would be mapped, and counts as memory.
NO_LOCALE = {"LC_ALL": "C"}

#: An isolated interpreter (-I) finds installed packages only; this adds our own modules, behind all others.
START = (
    "import runpy, sys; project, sys.argv = sys.argv[1], sys.argv[2:]; "
    "sys.path.append(project); runpy.run_path(sys.argv[0], run_name='__main__')"
)
PROJECT = Path(__file__).resolve().parent.parent


class Ending(enum.Enum):
    """How a program ended."""

    DONE = "done"
    TOO_LONG = "took too long"
    KILLED = "was killed"
    FAILED = "failed"


class Ended(NamedTuple):
    """How a program ended, and what it wrote on its standard output (unless that went to a file)."""

    ending: Ending
    output: bytes = b""
    code: int | None = None


def run(
    program: Path,
    *arguments: str,
    source: bytes | BinaryIO,
    seconds: float,
    output: BinaryIO | None = None,
) -> Ended:
    """Run the Python program with `source` as its standard input; end it after `seconds` by the clock.

    `source` and `output` may be files with a descriptor: the program then reads and writes them itself, and
    their content never lies in our memory. What the program says on standard error is thrown away: it may
    hold a part of the file.
    """
    import subprocess  # not needed in the program, whose start everybody waits for

    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", START, str(PROJECT), str(program), *arguments],
            input=source if isinstance(source, bytes) else None,
            stdin=None if isinstance(source, bytes) else source,
            stdout=subprocess.PIPE if output is None else output,
            stderr=subprocess.DEVNULL,
            env=NO_LOCALE | {name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Ended(Ending.TOO_LONG)
    except OSError:
        return Ended(Ending.FAILED)
    return Ended(_ending(done.returncode), done.stdout or b"", done.returncode)


def _ending(code: int) -> Ending:
    import signal

    if code == 0:
        return Ending.DONE
    if code == -signal.SIGXCPU:
        return Ending.TOO_LONG
    return Ending.KILLED if code < 0 else Ending.FAILED


def limit(*, memory: int, cpu_seconds: int, written: int = 0, nice: int = 0) -> None:
    """Bound what this process may use, as far as the system knows how (macOS does not know all).

    `memory` is address space and `written` the size of a file, both in bytes. Past its processor time the
    process gets SIGXCPU, and is killed if it lives on. `nice` lets other processes go first.
    """
    try:
        import resource
    except ImportError:
        return
    wanted = {
        "RLIMIT_AS": (memory, memory),
        "RLIMIT_CPU": (cpu_seconds, cpu_seconds + 1),
        "RLIMIT_FSIZE": (written, written),
        "RLIMIT_CORE": (0, 0),
    }
    for name, bounds in wanted.items():
        with contextlib.suppress(AttributeError, OSError, ValueError):
            resource.setrlimit(getattr(resource, name), bounds)
    if nice:
        with contextlib.suppress(OSError):
            os.nice(nice)


class Memory(NamedTuple):
    """What this process holds, in bytes."""

    address_space: int  # what `limit` bounds
    peak: int  # the most that has been in the machine's memory so far


def held_memory() -> Memory | None:
    """What this process holds; None where the system does not say.

    The peak is not `ru_maxrss`: that counts what the parent held when it made this process.
    """
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return None
    sizes = dict(re.findall(r"^(Vm\w+):\s+(\d+) kB", status, re.MULTILINE))
    return Memory(int(sizes["VmSize"]) * 1024, int(sizes["VmHWM"]) * 1024)
