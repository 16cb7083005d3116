"""The words of a PDF document."""

import io

from pypdf import PdfReader


def pdf_text(content: bytes) -> str:
    """All words in reading order, with one space between them."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())
