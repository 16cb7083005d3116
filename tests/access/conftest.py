import pytest


@pytest.fixture
def quick_pdfs(monkeypatch):
    """Replace the slow drawing of PDFs, for tests that are about access only."""
    monkeypatch.setattr("weasyprint.HTML.write_pdf", lambda *args, **kwargs: b"%PDF-1.7")
