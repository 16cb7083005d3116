"""The files of the embedded services: all in one data folder."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from devservices.errors import ServiceError

PROJECT = Path(__file__).resolve().parent.parent

# sun_path holds 104 bytes on macOS and 108 on Linux, the closing zero included.
LONGEST_SOCKET_PATH = 103
POSTGRES_SOCKET = ".s.PGSQL.5432"
REDIS_SOCKET = "redis.sock"
# A file in `wanted`: the last user asks the supervisor to stop without delay.
STOP = "stop"


@dataclass(frozen=True)
class Layout:
    """The files of one data folder."""

    root: Path

    @property
    def postgres(self) -> Path:
        """PGDATA; the server's socket is in it, too."""
        return self.root / "pg"

    @property
    def redis(self) -> Path:
        return self.root / "redis"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def mail(self) -> Path:
        return self.root / "mail"

    @property
    def keys(self) -> Path:
        return self.root / "keys.env"

    @property
    def users_lock(self) -> Path:
        """Held shared by every process that uses the servers, until it ends."""
        return self.root / "users.lock"

    @property
    def start_lock(self) -> Path:
        """Held exclusively while a process finds or starts the supervisor."""
        return self.root / "start.lock"

    @property
    def supervisor_lock(self) -> Path:
        """Held exclusively by the supervisor until it ends."""
        return self.root / "supervisor.lock"

    @property
    def state(self) -> Path:
        """The supervisor's state (JSON)."""
        return self.root / "supervisor.json"

    @property
    def wanted(self) -> Path:
        """A folder with one empty file per server that a process has asked for."""
        return self.root / "wanted"

    def create(self) -> None:
        """Create the folder and its subfolders, closed to other users; ServiceError when that fails."""
        try:
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
            for part in (self.logs, self.mail, self.wanted):
                part.mkdir(exist_ok=True, mode=0o700)
        except OSError as error:
            raise ServiceError(
                f"the data folder {self.root} cannot be written ({error.strerror}); "
                "set JOBFIRST_DATA_DIR to a folder of your own"
            ) from error

    def reachable_root(self) -> Path:
        """Return the data folder under a path short enough for a socket in it.

        A socket's path has at most about 100 bytes, so a deep data folder is reached through a symbolic link
        in the temporary folder. Its name contains the user and a hash of the real path. A link that belongs
        to another user or points elsewhere is refused.
        """
        longest = max(len(os.fsencode(self.postgres / POSTGRES_SOCKET)), len(os.fsencode(self.redis_socket)))
        if longest <= LONGEST_SOCKET_PATH:
            return self.root
        digest = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]
        temporary = Path(tempfile.gettempdir())
        if len(os.fsencode(temporary)) > LONGEST_SOCKET_PATH - 60:
            temporary = Path("/tmp")  # noqa: S108 - the name is checked below  # nosec B108
        link = temporary / f"jobfirst-{os.geteuid()}-{digest}"
        try:
            link.symlink_to(self.root)
        except FileExistsError:
            if link.lstat().st_uid != os.geteuid() or Path(os.readlink(link)) != self.root:
                raise ServiceError(f"{link} is in the way and is not ours: rm {link}") from None
        return link

    @property
    def redis_socket(self) -> Path:
        return self.redis / REDIS_SOCKET


def configured_layout() -> Layout:
    """Return the layout of JOBFIRST_DATA_DIR, or of `.data` in the project folder."""
    text = os.environ.get("JOBFIRST_DATA_DIR") or str(PROJECT / ".data")
    return Layout(Path(text).expanduser().resolve())
