"""The files of vouchers: checked by what they are, kept by what they hold, far from the web server.

A PDF is read to its last page and an image decoded to its last line, so that a file that only begins like
one, or is something else under a false name, is refused. What it is called matters nowhere.
"""

import hashlib
import io
import os
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image
from pypdf import PdfReader
from pypdf.errors import PyPdfError

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_PAGES = 200
TYPES = {"pdf": "application/pdf", "png": "image/png", "jpeg": "image/jpeg"}
MAGIC = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}
#: What stands at the end of a whole picture.
LAST = {"png": b"IEND\xaeB`\x82", "jpeg": b"\xff\xd9"}


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that is what it says it is."""

    kind: str
    content: bytes
    sha256: str


def check(upload: UploadedFile) -> Checked:
    """The file, if it is a whole PDF, PNG or JPEG of at most MAX_BYTES; otherwise ValidationError."""
    if upload.size is None or upload.size > MAX_BYTES:
        largest = filesizeformat(MAX_BYTES)
        raise ValidationError(_("The file is larger than %(largest)s.") % {"largest": largest})
    content = upload.read()
    kind = next((name for magic, name in MAGIC.items() if content.startswith(magic)), None)
    ending = Path(upload.name or "").suffix.lower().lstrip(".").replace("jpg", "jpeg")
    whole = kind == ending and (_is_pdf(content) if kind == "pdf" else _is_image(content, kind))
    if kind is None or not whole:
        raise ValidationError(_("The file is not a PDF, PNG or JPEG that can be read. Save it again as one."))
    return Checked(kind, content, hashlib.sha256(content).hexdigest())


def _is_pdf(content: bytes) -> bool:
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted or not 0 < len(reader.pages) <= MAX_PAGES:
            return False
        for page in reader.pages:
            _box = page.mediabox
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError):
        return False
    return True


def _is_image(content: bytes, kind: str | None) -> bool:
    if LAST[kind or ""] not in content:
        return False  # cut off: decoders forgive that, an auditor does not
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(content), formats=[str(kind).upper()]) as image:
                if image.width * image.height > MAX_PIXELS:
                    return False
                image.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning):
        return False
    return True


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
