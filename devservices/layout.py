"""Where the embedded services keep things: everything lies under one data folder."""

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
# The file among the wanted ones by which the last user asks for an end without delay.
STOP = "stop"


@dataclass(frozen=True)
class Layout:
    """The files of one data folder."""

    root: Path

    @property
    def postgres(self) -> Path:
        """PGDATA; the server's socket lies in it too."""
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
        """Held shared by every process that uses the servers, for as long as it lives."""
        return self.root / "users.lock"

    @property
    def start_lock(self) -> Path:
        """Held exclusively while a process looks for the supervisor or starts one."""
        return self.root / "start.lock"

    @property
    def supervisor_lock(self) -> Path:
        """Held exclusively by the supervisor for as long as it lives."""
        return self.root / "supervisor.lock"

    @property
    def state(self) -> Path:
        """What the supervisor says about itself (JSON)."""
        return self.root / "supervisor.json"

    @property
    def wanted(self) -> Path:
        """One empty file per server that somebody has asked for."""
        return self.root / "wanted"

    def create(self) -> None:
        """Make the folder and its parts, closed to other users; ServiceError if that cannot be done."""
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
        """Return the data folder under a name short enough for a socket in it.

        A socket's path is at most about 100 bytes, so a deep data folder is reached through a link in the
        temporary folder. The name holds the user and a hash of the real path; a link of somebody else's, or
        one pointing elsewhere, is refused rather than followed.
        """
        longest = max(len(os.fsencode(self.postgres / POSTGRES_SOCKET)), len(os.fsencode(self.redis_socket)))
        if longest <= LONGEST_SOCKET_PATH:
            return self.root
        digest = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]
        temporary = Path(tempfile.gettempdir())
        if len(os.fsencode(temporary)) > LONGEST_SOCKET_PATH - 60:
            temporary = Path("/tmp")  # noqa: S108 - the name is checked below
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


def chosen() -> Layout:
    """Return the layout of JOBFIRST_DATA_DIR, or of `.data` in the project folder."""
    text = os.environ.get("JOBFIRST_DATA_DIR") or str(PROJECT / ".data")
    return Layout(Path(text).expanduser().resolve())
