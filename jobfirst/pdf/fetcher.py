"""What a document may fetch while it is made: our own static files, and nothing else.

A name typed into a form can never make the server read another file or call another host.
"""

import io
import mimetypes
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.utils._os import safe_join
from fontTools.ttLib import woff2
from weasyprint.urls import URLFetcher, URLFetcherResponse

SCHEME = "static:"
"""What a template writes before the name of a static file: `static:pdf.css`."""


class ForbiddenUrlError(ValueError):
    """A document asked for something that is not one of our own static files."""


def static_path(name: str) -> Path:
    """Where a static file lies on disk; `ForbiddenUrlError` for anything outside the static folders."""
    try:
        path = finders.find(name)
        if not path and settings.STATIC_ROOT:
            path = safe_join(settings.STATIC_ROOT, name)
    except SuspiciousFileOperation as error:  # a path that climbs out
        raise ForbiddenUrlError(name) from error
    if not path or not Path(path).is_file():
        raise ForbiddenUrlError(name)
    return Path(path)


@lru_cache(maxsize=16)
def unpacked_font(path: Path, changed_at: int) -> bytes:
    """Return a WOFF2 font unpacked, once per process: WeasyPrint would unpack it for every document, which
    takes longer than a page. `changed_at` is the file's time of change in nanoseconds."""
    unpacked = io.BytesIO()
    woff2.decompress(io.BytesIO(path.read_bytes()), unpacked)
    return unpacked.getvalue()


def content_of(path: Path) -> bytes:
    """Return the content of a static file as a document takes it."""
    if path.suffix == ".woff2":
        return unpacked_font(path, path.stat().st_mtime_ns)
    return path.read_bytes()


class StaticOnlyFetcher(URLFetcher):
    """Answers `static:` addresses from our own folders and denies every other, whatever its scheme."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The file behind a `static:` address; `ForbiddenUrlError` for all else."""
        if not url.startswith(SCHEME):
            raise ForbiddenUrlError("Only static files may be used in a document.")
        name = url.removeprefix(SCHEME).lstrip("/").partition("?")[0].partition("#")[0]
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, body=content_of(static_path(name)), headers={"Content-Type": kind})
