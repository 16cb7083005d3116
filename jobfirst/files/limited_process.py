"""Run small programs that read untrusted files, each in a separate process with limits.

`run` is for the caller: it starts the program with the file on standard input and an almost empty
environment, and stops it when its time is up. `limit` is for the program: it limits memory, processor time
and output before the file is read. Nothing here imports Django, so that a program starts quickly and has
access to neither the database nor the keys.
"""

import contextlib
import enum
import os
import re
import sys
from pathlib import Path
from typing import BinaryIO, NamedTuple

#: The only variables a program inherits; none of them has a key or password.
ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")

#: With another locale some systems map one large file of all locales, which counts as memory.
NO_LOCALE = {"LC_ALL": "C"}

#: An isolated interpreter (-I) finds installed packages only; this adds our modules, with lowest priority.
START = (
    "import runpy, sys; project, sys.argv = sys.argv[1], sys.argv[2:]; "
    "sys.path.append(project); runpy.run_path(sys.argv[0], run_name='__main__')"
)
PROJECT = Path(__file__).resolve().parent.parent.parent


class Ending(enum.Enum):
    """How a program ended."""

    DONE = "done"
    TOO_LONG = "took too long"
    KILLED = "was killed"
    FAILED = "failed"


class Ended(NamedTuple):
    """How a program ended, and its standard output (empty when that went to a file)."""

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
    """Run the Python program with `source` as its standard input; stop it after `seconds` of wall time.

    `source` and `output` may be files with a descriptor: the program then reads and writes them itself, and
    their content never is in our memory. Standard error is discarded: it may contain a part of the file.
    """
    import subprocess  # imported here: the program itself does not need it and starts faster

    try:
        process = subprocess.run(
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
    return Ended(_ending(process.returncode), process.stdout or b"", process.returncode)


def _ending(code: int) -> Ending:
    import signal

    if code == 0:
        return Ending.DONE
    if code == -signal.SIGXCPU:
        return Ending.TOO_LONG
    return Ending.KILLED if code < 0 else Ending.FAILED


def limit(*, memory: int, cpu_seconds: int, file_size: int = 0, nice: int = 0) -> None:
    """Limit the resources of this process, as far as the system supports it (macOS does not support all).

    `memory` (address space) and `file_size` are in bytes. Past its processor time the process gets
    SIGXCPU, and is killed a second later. `nice` lowers its priority.
    """
    try:
        import resource
    except ImportError:
        return
    limits = {
        "RLIMIT_AS": (memory, memory),
        "RLIMIT_CPU": (cpu_seconds, cpu_seconds + 1),
        "RLIMIT_FSIZE": (file_size, file_size),
        "RLIMIT_CORE": (0, 0),
    }
    for name, bounds in limits.items():
        with contextlib.suppress(AttributeError, OSError, ValueError):
            resource.setrlimit(getattr(resource, name), bounds)
    if nice:
        with contextlib.suppress(OSError):
            os.nice(nice)


class Memory(NamedTuple):
    """The memory of this process, in bytes."""

    address_space: int  # limited by `limit`
    peak: int  # the most physical memory used so far


def held_memory() -> Memory | None:
    """Return the memory of this process; None where the system does not provide it.

    The peak is not `ru_maxrss`, which includes the parent's memory at the fork.
    """
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return None
    sizes = dict(re.findall(r"^(Vm\w+):\s+(\d+) kB", status, re.MULTILINE))
    return Memory(int(sizes["VmSize"]) * 1024, int(sizes["VmHWM"]) * 1024)
