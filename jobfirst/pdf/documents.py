"""PDF documents: a Django template becomes a tagged PDF/UA file that a screen reader can read.

WeasyPrint is imported when a document is made: it takes longer to import than everything else together.
"""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.translation import get_language

from jobfirst import mode

#: A template and what it is filled in with.
Piece = tuple[str, dict[str, Any]]


def render_pdf(template: str, context: dict[str, Any]) -> bytes:
    """The document `template` (which extends `pdf/base.html`) as PDF/UA-1 bytes.

    The language, the page numbers and the mark of a rehearsal come with `pdf/base.html`; the title of the
    document is its `title` block.
    """
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration

    from jobfirst.pdf.fetcher import SCHEME, StaticOnlyFetcher
    from jobfirst.pdf.parts import VARIANT

    document = HTML(string=filled_in(template, context), base_url=SCHEME, url_fetcher=StaticOnlyFetcher())
    pdf: bytes = document.write_pdf(
        pdf_variant=VARIANT, font_config=FontConfiguration(), optimize_images=True
    )
    return pdf


def render_parted_pdf(parts: Iterable[Piece], sheets: Piece) -> bytes:
    """One PDF/UA-1 document of several parts, each on pages of its own: a long one in little memory.

    A part's template extends `pdf/base.html` as in `render_pdf`; `sheets` is a template with the same head
    and foot that includes `pdf/sheets.html`. Title and language are those of the first part.
    """
    from jobfirst.pdf.fetcher import SCHEME, StaticOnlyFetcher
    from jobfirst.pdf.parts import PartedPdf, held_is_set_aside

    with held_is_set_aside():
        whole = PartedPdf(SCHEME, StaticOnlyFetcher)
        for template, context in parts:
            whole.add(filled_in(template, context, running=False, opening=not whole.pages))
        template, context = sheets
        numbers = range(1, whole.pages + 1)
        return whole.finish(filled_in(template, context | {"numbers": numbers}, opening=False))


def filled_in(template: str, context: dict[str, Any], *, running: bool = True, opening: bool = True) -> str:
    """The template filled in; `running` is what stands on every page, `opening` what only on the first."""
    own = {"is_rehearsal": mode.is_rehearsal(), "document_language": get_language() or "da"}
    return render_to_string(template, {**own, "running": running, "opening": opening, **context})


def pdf_response(content: bytes, filename: str, *, inline: bool = False) -> HttpResponse:
    """A PDF as a download (or shown in the browser), never kept by a cache on the way."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(not inline, filename) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response
