"""A PDF of many parts: one structure, one set of fonts, continuous page numbers, little memory."""

import gc
import io
from itertools import chain

import pytest
from pypdf import PdfReader
from weasyprint import HTML

from jobfirst.pdf.fetcher import StaticOnlyFetcher
from jobfirst.pdf.parts import PartedPdf, freeze_garbage_collection
from tests.loops import some
from tests.pdf_tags import Tags

HEAD = (
    "<!doctype html><html lang=da><head><title>Opgørelse</title><link rel=stylesheet href='static:pdf.css'>"
)
TABLE = """<table><thead><tr><th scope=col>Dag</th><th scope=col>Timer</th></tr></thead>
<tbody>{rows}</tbody><tfoot class=once><tr><th scope=row>I alt</th><td>99</td></tr></tfoot></table>"""
ROW = "<tr><th scope=row>{name} {n}</th><td><em>{n}</em></td></tr>"


def part(name, rows=3):
    table = TABLE.format(rows="".join(ROW.format(name=name, n=n) for n in range(rows)))
    return (
        f"{HEAD}<body><main><h2>{name}</h2><p>Se <a href='https://example.invalid/'>her</a></p>{table}</main>"
    )


def sheets(pages):
    foot = "<footer class=running-foot><span>Bund</span> <span class=page-number>Side </span></footer>"
    empty = "<div class=sheet></div>" * pages
    return f"{HEAD}<style>.sheet + .sheet {{ break-before: page }}</style><body>{foot}{empty}"


def parted_pdf(*parts):
    whole = PartedPdf("static:", StaticOnlyFetcher)
    for html in parts:
        whole.add(html)
    return whole.finish(sheets(whole.pages))


@pytest.fixture(scope="module")
def content():
    return parted_pdf(part("Æbler", 40), part("Pærer", 120), part("Blommer"))


def test_every_mark_leads_to_the_structure_and_back(content):
    tags = Tags(content)
    assert tags.faults == []
    kinds = tags.kinds()
    assert kinds.count("Document") == 1
    assert kinds.count("H2") == kinds.count("Link") == 3
    assert kinds.count("TFoot") == 3
    assert "Span" not in kinds
    assert tags.reader.metadata.title == "Opgørelse"


def test_the_parts_stand_one_after_the_other_with_numbered_pages(content):
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    assert len(pages) > 4
    for number, text in some(enumerate(pages, start=1)):
        assert f"{number} / {len(pages)}" in text
    names = ("Æbler", "Pærer", "Blommer")
    where = [[n for n, text in enumerate(pages) if name in text] for name in names]
    assert list(chain(*where)) == list(range(len(pages)))
    assert "Pærer 119" in "".join(pages)


def test_the_outline_leads_to_the_parts(content):
    tags = Tags(content)
    assert tags.outline() == ["Æbler", "Pærer", "Blommer"]
    at = [tags.reader.get_destination_page_number(item) for item in tags.reader.outline]
    assert all(
        name in tags.reader.pages[n].extract_text() for name, n in some(zip(tags.outline(), at, strict=True))
    )


def test_a_font_is_embedded_once(content):
    fonts = {}
    for page in PdfReader(io.BytesIO(content)).pages:
        for font in page["/Resources"]["/Font"].values():
            descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
            fonts.setdefault(font["/BaseFont"], set()).add(descriptor.raw_get("/FontFile2").idnum)
    assert fonts
    assert all(len(files) == 1 for files in some(fonts.values()))


def test_letters_of_a_later_part_are_there_though_the_first_has_none_of_them():
    text = "".join(
        page.extract_text() for page in PdfReader(io.BytesIO(parted_pdf(part("A"), part("Ωß€")))).pages
    )
    assert "Ωß€ 2" in text


def test_the_sheets_are_as_many_as_the_pages():
    whole = PartedPdf("static:", StaticOnlyFetcher)
    whole.add(part("A"))
    with pytest.raises(ValueError, match="2 sheets for 1 pages"):
        whole.finish(sheets(2))


def test_nothing_is_fetched_for_a_part():
    whole = PartedPdf("static:", StaticOnlyFetcher)
    whole.add(f"{HEAD}<body><main><h2>A</h2><img alt=x src='file:///etc/passwd'></main>")
    assert len(Tags(whole.finish(sheets(1))).kinds()) > 1


def test_the_collector_sees_everything_again_afterwards():
    freeze_counts = []

    def fails():
        with freeze_garbage_collection():
            freeze_counts.append(gc.get_freeze_count())
            raise RuntimeError("no ink")

    with pytest.raises(RuntimeError, match="no ink"):
        fails()
    assert freeze_counts[0] > 1000
    assert gc.get_freeze_count() == 0


def test_the_check_finds_what_is_wrong():
    """WeasyPrint alone writes header cells without scope, and page headers outside the structure."""
    html = f"{HEAD}<style>@page {{ @top-center {{ content: 'Head' }} }}</style><body>{TABLE.format(rows='')}"
    faults = Tags(HTML(string=html, url_fetcher=StaticOnlyFetcher()).write_pdf(pdf_variant="pdf/ua-1")).faults
    assert any("without /Column" in fault for fault in faults)
    assert any("not in the tree" in fault for fault in faults)
