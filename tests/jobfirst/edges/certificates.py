"""A private authority of a test and its certificates, made by what an operator runs (deploy/certificates)."""

import os
import subprocess
from pathlib import Path

from devservices.layout import PROJECT

SCRIPT = PROJECT / "deploy" / "certificates"


class Authority:
    """The authority in a folder; `client` and `server` write a file with a new key and certificate."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.certificate = folder / "authority.crt"
        self._run("authority", folder)

    def client(self, name: str, file: str = "", days: int = 7) -> Path:
        """Write the certificate of a role; return its file."""
        path = self.folder / (file or f"{name}.pem")
        self._run("client", self.folder, path, name, days=days)
        return path

    def server(self, path: Path) -> Path:
        """Write the certificate of a server at 127.0.0.1."""
        self._run("server", self.folder, path, "127.0.0.1")
        return path

    def renew(self, failures: int = 0) -> list[str]:
        """Renew what is due; return the lines of the list that were. It ends with 1 when some fail."""
        command = [SCRIPT, "renew", str(self.folder)]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, check=False, capture_output=True, text=True)
        assert done.stderr.count("not renewed") == failures, done.stderr
        assert done.returncode == min(failures, 1)
        return done.stdout.splitlines()

    def _run(self, *arguments: object, days: int = 7) -> str:
        command = [SCRIPT, *map(str, arguments)]
        done = subprocess.run(
            command,
            env={"PATH": os.environ["PATH"], "DAYS": str(days)},
            stdin=subprocess.DEVNULL,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout
