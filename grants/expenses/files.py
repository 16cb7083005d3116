"""The files of vouchers: checked by what they are, kept by what they hold, far from the web server.

A PDF is read to its last object and an image decoded to its last line, so that a file that only begins like
one, or is something else under a false name, is refused. What it is called matters nowhere. The looking is
done by a process of its own (`grants/expenses/file_inspector.py`), so that a crafted file harms nothing
but that.
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
from jobfirst import limited_process
from jobfirst.limited_process import Ending

MAX_BYTES = 10 * 1024 * 1024
TYPES = {"pdf": "application/pdf", "png": "image/png", "jpeg": "image/jpeg"}
MAGIC = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}

CHECKER = Path(__file__).with_name("file_inspector.py")
CHECK_SECONDS = 10.0  # by the clock on the wall, start included; what is looked into takes 0.2 to 0.5 s

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that is what it says it is."""

    kind: str
    content: bytes
    sha256: str


def check(upload: "UploadedFile[bytes]") -> Checked:
    """The file, if it is a whole PDF, PNG or JPEG of at most MAX_BYTES; otherwise ValidationError."""
    if upload.size is None or upload.size > MAX_BYTES:
        largest = filesizeformat(MAX_BYTES)
        raise ValidationError(_("The file is larger than %(largest)s.") % {"largest": largest})
    content = upload.read()
    kind = next((name for magic, name in MAGIC.items() if content.startswith(magic)), None)
    ending = Path(upload.name or "").suffix.lower().lstrip(".").replace("jpg", "jpeg")
    said = looked_into(kind, content) if kind and kind == ending else BROKEN
    if said == ACTIVE:
        raise ValidationError(_("The PDF contains a program or other files. Print it to a new PDF."))
    if kind is None or said != WHOLE:
        raise ValidationError(_("The file is not a PDF, PNG or JPEG that can be read. Save it again as one."))
    return Checked(kind, content, hashlib.sha256(content).hexdigest())


def looked_into(kind: str, content: bytes) -> str:
    """What the checking process says of the file; `broken` when it fails, is killed or takes too long."""
    ended = limited_process.run(CHECKER, kind, source=content, seconds=CHECK_SECONDS)
    if ended.ending is not Ending.DONE:
        logger.warning("The check of a voucher's file %s (%s)", ended.ending.value, ended.code)
        return BROKEN
    return ended.output.decode("ascii", "replace")


def path_of(sha256: str) -> Path:
    """Where the file with this content lies: under the data folder, in no folder that is served."""
    return settings.DATA_DIR / "vouchers" / sha256[:2] / sha256


def keep(file: Checked) -> None:
    """Write the file under its hash, readable by the application only; the same content is written once."""
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
    """The content, if it still is what it was; None when the file is gone or altered."""
    path = path_of(sha256)
    if not path.is_file():
        return None
    content = path.read_bytes()
    return content if hashlib.sha256(content).hexdigest() == sha256 else None
