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


@lru_cache(maxsize=8)
def decompressed_font(path: Path) -> bytes:
    """Return the TrueType font in a WOFF2 file.

    WeasyPrint would decompress every font again for every document, which takes longer than all the rest.
    """
    font = io.BytesIO()
    woff2.decompress(io.BytesIO(path.read_bytes()), font)
    return font.getvalue()


class StaticOnlyFetcher(URLFetcher):
    """Answers `static:` addresses from our own folders and denies every other, whatever its scheme."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The file behind a `static:` address; `ForbiddenUrlError` for all else."""
        if not url.startswith(SCHEME):
            raise ForbiddenUrlError("Only static files may be used in a document.")
        name = url.removeprefix(SCHEME).lstrip("/").partition("?")[0].partition("#")[0]
        path = static_path(name)
        if path.suffix == ".woff2":
            return URLFetcherResponse(url, body=decompressed_font(path), headers={"Content-Type": "font/ttf"})
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, body=path.read_bytes(), headers={"Content-Type": kind})
