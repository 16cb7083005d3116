"""PDF documents: tagged, with language, title and page numbers; nothing is fetched from elsewhere."""

import io

import pytest
from django.template import engines
from pypdf import PdfReader

from jobfirst.pdf import documents, fetcher
from tests.loops import some

BODY = """{% extends "pdf/base.html" %}{% block title %}Arbejdsaftale{% endblock %}
{% block content %}<h1>Arbejdsaftale</h1><h2>Opgaver</h2><p>{{ text }}</p>
<table><caption>Timer</caption><thead><tr><th scope="col">Dag</th></tr></thead>
<tbody>{% for n in days %}<tr><td>Dag {{ n }}</td></tr>{% endfor %}</tbody></table>{% endblock %}"""


@pytest.fixture
def make(monkeypatch):
    """Render the sample document with this context."""
    template = engines["django"].from_string(BODY)
    monkeypatch.setattr(documents, "render_to_string", lambda name, context: template.render(context))

    def content(**context):
        return documents.render_pdf("any.html", {"text": "Æbler pakkes", "days": range(90), **context})

    return content


def test_it_is_tagged_pdf_ua_with_language_and_title(make):
    content = make()
    reader = PdfReader(io.BytesIO(content))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "da"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title.startswith("Arbejdsaftale")
    assert b"pdfuaid:part" in root["/Metadata"].get_data()


def test_pages_are_numbered_and_letters_are_danish(make):
    reader = PdfReader(io.BytesIO(make()))
    assert len(reader.pages) > 1
    text = reader.pages[0].extract_text()
    assert f"1 / {len(reader.pages)}" in text
    assert "Æbler pakkes" in text


def test_a_rehearsal_is_marked_on_every_page_and_a_real_document_on_none(make, settings):
    settings.JOBFIRST_MODE = "rehearsal"
    rehearsal = [page.extract_text().lower() for page in PdfReader(io.BytesIO(make())).pages]
    assert len(rehearsal) > 1
    assert all("øvelse" in text for text in rehearsal)
    settings.JOBFIRST_MODE = "real"
    assert not any(
        "øvelse" in page.extract_text().lower() for page in some(PdfReader(io.BytesIO(make())).pages)
    )


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://localhost:1/x.png",
        "https://example.invalid/x.png",
        "data:text/css,p{}",
        "static:../pyproject.toml",
        "static:/../../etc/passwd",
        "static:no-such-file.png",
        "/etc/passwd",
    ],
)
def test_the_fetcher_denies_everything_but_our_own_files(address):
    with pytest.raises(fetcher.ForbiddenUrlError):
        fetcher.StaticOnlyFetcher().fetch(address)


def test_the_fetcher_serves_our_own_files():
    assert b"@page" in fetcher.StaticOnlyFetcher().fetch("static:pdf.css").read()


def test_a_font_is_decompressed_once_for_all_documents(make, monkeypatch, settings):
    from fontTools.ttLib import woff2

    decompressed_files = []
    decompress = woff2.decompress

    def decompress_and_count(file, out):
        decompressed_files.append(file)
        decompress(file, out)

    monkeypatch.setattr(woff2, "decompress", decompress_and_count)
    fetcher.decompressed_font.cache_clear()
    documents = [make(), make()]
    stylesheet = (settings.BASE_DIR / "static" / "pdf.css").read_text("utf-8")
    assert len(decompressed_files) == stylesheet.count(".woff2") > 0
    for document in documents:
        fonts = PdfReader(io.BytesIO(document)).pages[0]["/Resources"]["/Font"].values()
        assert all("IBM-Plex-Sans" in font.get_object()["/BaseFont"] for font in some(fonts))


def test_a_name_that_is_markup_stays_text(make):
    text = PdfReader(io.BytesIO(make(text="<img src='file:///etc/passwd'>"))).pages[0].extract_text()
    assert "file:///etc/passwd" in text


def test_the_download_has_a_danish_file_name_and_is_not_kept():
    response = documents.pdf_response(b"%PDF-1.7", "Arbejdsaftale Søren.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''Arbejds")
    assert "S%C3%B8ren" in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]
