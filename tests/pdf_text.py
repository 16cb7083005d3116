"""The text of a PDF document."""

import io

from pypdf import PdfReader


def pdf_text(content: bytes) -> str:
    """Return all words in reading order, separated by single spaces."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())
