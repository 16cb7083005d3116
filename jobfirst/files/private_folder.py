"""A folder that its owner alone reads, such as a backup: written under another name until it is complete.

Every file has its SHA-256.
"""

import gzip
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

#: Quick: a backup is made often, and disk is cheaper than a slow backup.
COMPRESSION = 1
PIECE = 1 << 20
UNFINISHED = ".unfinished"


class FolderError(Exception):
    """The folder is there already; the text says so and names it."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of the folder: its path in the folder, its size in bytes and the SHA-256 of its bytes."""

    path: str
    size: int
    sha256: str


class _HashedFile:
    """A new file, readable by its owner alone, whose bytes are counted and hashed."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file: IO[bytes] = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, piece: bytes) -> int:
        self._digest.update(piece)
        self.size += len(piece)
        return self._file.write(piece)

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        """Write everything to the disk, so that a power cut after the backup loses none of it."""
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
        finally:
            self._file.close()

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


class NewFolder:
    """The folder that is being written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.files: list[StoredFile] = []

    def write(self, path: str, pieces: Iterable[bytes | memoryview]) -> StoredFile:
        """Write a file as it is."""
        out = _HashedFile(self.path / path)
        try:
            for piece in pieces:
                out.write(bytes(piece))
        finally:
            out.close()
        return self._add(path, out)

    def write_compressed(self, path: str, pieces: Iterable[bytes | memoryview]) -> StoredFile:
        """Write a file compressed by gzip; size and hash are those of the compressed bytes."""
        out = _HashedFile(self.path / path)
        try:
            # Without name and time: the same rows give the same bytes.
            sink: Any = out
            with gzip.GzipFile("", "wb", COMPRESSION, sink, mtime=0) as packer:
                for piece in pieces:
                    packer.write(piece)
        finally:
            out.close()
        return self._add(path, out)

    def _add(self, path: str, out: _HashedFile) -> StoredFile:
        stored = StoredFile(path, out.size, out.sha256)
        self.files.append(stored)
        return stored


@contextmanager
def new_folder(output: Path) -> Iterator[NewFolder]:
    """Yield a folder to write to, which becomes `output` when the block ends without an error.

    1. It has a name that ends with `.unfinished`, beside `output`; mode 0700.
    2. After an error it is removed. After a kill it stays under that name, which `restore` refuses.
    3. At the end it is renamed in one step. FolderError when `output` is there already and not empty.
    """
    if output.is_symlink() or (output.exists() and (not output.is_dir() or any(output.iterdir()))):
        raise FolderError(f"{output} exists already: give a folder that does not.")
    output.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{output.name}.", suffix=UNFINISHED, dir=output.parent))
    try:
        yield NewFolder(temporary)
        for path, _names, _files in os.walk(temporary):
            _sync(Path(path))
        try:
            temporary.rename(output)
        except OSError as error:
            raise FolderError(f"{output} exists already: give a folder that does not.") from error
        _sync(output.parent)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_pieces(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file in pieces."""
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    digest = hashlib.sha256()
    for piece in read_pieces(path):
        digest.update(piece)
    return digest.hexdigest()


def unpacked_pieces(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a compressed file, unpacked."""
    with gzip.open(path, "rb") as file:
        while piece := file.read(PIECE):
            yield piece
