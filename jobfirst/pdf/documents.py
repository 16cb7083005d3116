"""PDF documents: a Django template becomes a tagged PDF/UA file for screen readers.

Nothing is fetched except our static files: text typed into a form can never make the server read another file
or call another host.
"""

import mimetypes
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils._os import safe_join
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from jobfirst import mode
from jobfirst.pdf.parts import VARIANT, PartedPdf, freeze_garbage_collection

#: A template with its context.
Piece = tuple[str, dict[str, Any]]

SCHEME = "static:"
"""What a template writes before the name of a static file: `static:pdf.css`."""


class ForbiddenUrlError(ValueError):
    """A document referred to something that is not one of our static files."""


def static_path(name: str) -> Path:
    """Return the path of a static file; `ForbiddenUrlError` for anything outside the static folders."""
    try:
        path = finders.find(name)
        if not path and settings.STATIC_ROOT:
            path = safe_join(settings.STATIC_ROOT, name)
    except SuspiciousFileOperation as error:  # a path outside the folder
        raise ForbiddenUrlError(name) from error
    if not path or not Path(path).is_file():
        raise ForbiddenUrlError(name)
    return Path(path)


class StaticOnlyFetcher(URLFetcher):
    """Answers `static:` URLs from the static folders and refuses every other scheme."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Return the file of a `static:` URL; `ForbiddenUrlError` for all others."""
        if not url.startswith(SCHEME):
            raise ForbiddenUrlError("Only static files may be used in a document.")
        name = url.removeprefix(SCHEME).lstrip("/").partition("?")[0].partition("#")[0]
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, body=static_path(name).read_bytes(), headers={"Content-Type": kind})


def render_pdf(template: str, context: dict[str, Any]) -> bytes:
    """Return the document `template` (which extends `pdf/base.html`) as PDF/UA-1 bytes.

    Language, page numbers and the rehearsal mark come from `pdf/base.html`; the title is its `title` block.
    """
    document = HTML(
        string=render_document_html(template, context), base_url=SCHEME, url_fetcher=StaticOnlyFetcher()
    )
    pdf: bytes = document.write_pdf(
        pdf_variant=VARIANT, font_config=FontConfiguration(), optimize_images=True
    )
    return pdf


def render_parted_pdf(parts: Iterable[Piece], sheets: Piece) -> bytes:
    """Return one PDF/UA-1 document of several parts, each on its own pages, using little memory.

    A part's template extends `pdf/base.html` as in `render_pdf`; `sheets` is a template with the same header
    and footer that includes `pdf/sheets.html`. Title and language are those of the first part.
    """
    with freeze_garbage_collection():
        whole = PartedPdf(SCHEME, StaticOnlyFetcher)
        for template, context in parts:
            whole.add(render_document_html(template, context, running=False, opening=not whole.pages))
        template, context = sheets
        numbers = range(1, whole.pages + 1)
        return whole.finish(render_document_html(template, context | {"numbers": numbers}, opening=False))


def render_document_html(
    template: str, context: dict[str, Any], *, running: bool = True, opening: bool = True
) -> str:
    """Return the template as HTML; `running` includes what is on every page, `opening` what is on the
    first only."""
    defaults = {"is_rehearsal": mode.is_rehearsal(), "document_language": get_language() or "da"}
    return render_to_string(template, {**defaults, "running": running, "opening": opening, **context})


def pdf_response(content: bytes, filename: str, *, inline: bool = False) -> HttpResponse:
    """Return a PDF as a download (or inline), never stored by a cache."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(not inline, filename) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response
