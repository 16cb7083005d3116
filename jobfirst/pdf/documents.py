"""PDF documents: a Django template becomes a tagged PDF/UA file for screen readers.

Nothing is fetched except our static files: text typed into a form can never make the server read another file
or call another host. WeasyPrint is imported only when a document is made: importing it takes longer than all
the rest of the program.
"""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.translation import get_language

from jobfirst import mode

#: A template with its context.
Piece = tuple[str, dict[str, Any]]


def render_pdf(template: str, context: dict[str, Any]) -> bytes:
    """Return the document `template` (which extends `pdf/base.html`) as PDF/UA-1 bytes.

    Language, page numbers and the rehearsal mark come from `pdf/base.html`; the title is its `title` block.
    """
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration

    from jobfirst.pdf.fetcher import SCHEME, StaticOnlyFetcher
    from jobfirst.pdf.parts import VARIANT

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
    from jobfirst.pdf.fetcher import SCHEME, StaticOnlyFetcher
    from jobfirst.pdf.parts import PartedPdf, freeze_garbage_collection

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
