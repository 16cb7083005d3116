"""The files of vouchers: checked by their content, and stored under their SHA-256 where nothing is served.

A PDF is read to its last object and an image decoded to its last line, so that a file that only begins like
one is refused. The check runs in a process of its own (`grants/expenses/file_inspector.py`), the only thing
that a crafted file can harm.
"""

import hashlib
import logging
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from grants.expenses.file_inspector import ACTIVE, BROKEN, WHOLE
from jobfirst.backup.extension_points import FileFolder
from jobfirst.files import limited_process
from jobfirst.files.limited_process import Ending
from jobfirst.files.virus_scan import refuse_viruses

MAX_BYTES = 10 * 1024 * 1024
TYPES = {"pdf": "application/pdf", "png": "image/png", "jpeg": "image/jpeg"}
MAGIC = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}

INSPECTOR = Path(__file__).with_name("file_inspector.py")
INSPECTION_SECONDS = (
    10.0  # wall-clock time with the start of the process; an ordinary file takes 0.2 to 0.5 s
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file whose content was found to be of its type."""

    kind: str
    content: bytes
    sha256: str


def check(upload: "UploadedFile[bytes]") -> CheckedFile:
    """Return the file if it is a whole PDF, PNG or JPEG of at most MAX_BYTES; otherwise ValidationError."""
    if upload.size is None or upload.size > MAX_BYTES:
        largest = filesizeformat(MAX_BYTES)
        raise ValidationError(_("The file is larger than %(largest)s.") % {"largest": largest})
    refuse_viruses(upload)
    content = upload.read()
    kind = next((name for magic, name in MAGIC.items() if content.startswith(magic)), None)
    ending = Path(upload.name or "").suffix.lower().lstrip(".").replace("jpg", "jpeg")
    verdict = inspect(kind, content) if kind and kind == ending else BROKEN
    if verdict == ACTIVE:
        raise ValidationError(_("The PDF contains a program or other files. Print it to a new PDF."))
    if kind is None or verdict != WHOLE:
        raise ValidationError(_("The file is not a PDF, PNG or JPEG that can be read. Save it again as one."))
    return CheckedFile(kind, content, hashlib.sha256(content).hexdigest())


def inspect(kind: str, content: bytes) -> str:
    """Return the verdict of the inspecting process; `broken` when it fails, is killed or takes too long."""
    finished = limited_process.run(INSPECTOR, kind, source=content, seconds=INSPECTION_SECONDS)
    if finished.ending is not Ending.DONE:
        logger.warning("The check of a voucher's file %s (%s)", finished.ending.value, finished.code)
        return BROKEN
    return finished.output.decode("ascii", "replace")


def path_of(sha256: str) -> Path:
    """Return the path of the file with this content: under the data folder, in no folder that is served."""
    return settings.DATA_DIR / FOLDER.name / _place(sha256)


def _place(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"


def _expected() -> dict[str, str]:
    """Return the SHA-256 of the files that the vouchers name, by their path in the folder."""
    from grants.models import Voucher  # the apps' registry is not ready when this module is imported

    hashes = (
        Voucher.objects.exclude(file_sha256="").order_by().values_list("file_sha256", flat=True).distinct()
    )
    return {_place(sha256): sha256 for sha256 in hashes}


#: In every backup: a file is stored before its voucher, and removed after the erasure of the last voucher
#: that names it.
FOLDER = FileFolder("vouchers", _expected)


def store(file: CheckedFile) -> None:
    """Write the file under its hash, readable by the application only. Idempotent."""
    path = path_of(file.sha256)
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as out:
        out.write(file.content)
        out.flush()
        os.fsync(out.fileno())
    Path(name).replace(path)


def read(sha256: str) -> bytes | None:
    """Return the content; None when the file is missing or its hash differs."""
    path = path_of(sha256)
    if not path.is_file():
        return None
    content = path.read_bytes()
    return content if hashlib.sha256(content).hexdigest() == sha256 else None


def remove_unless_named(sha256: str) -> None:
    """Remove the file of a voucher that was erased, unless another voucher has the same one. Idempotent."""
    if sha256 and sha256 not in _expected().values():
        path_of(sha256).unlink(missing_ok=True)
