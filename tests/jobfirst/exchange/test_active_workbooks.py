"""Workbooks with macros, controls, other files or links that start programs are refused by name."""

import io

import pytest

from jobfirst.exchange import BadFile, FileColumn, read_table
from tests.jobfirst.exchange.hostile_files import workbook

COLUMNS = [FileColumn("day", "a day", "2016-03-01")]
LINK = "xl/externalLinks/externalLink1.xml"
DDE = b'<externalLink xmlns="x"><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
OLE = b'<externalLink xmlns="x"><x:oleLink progId="Package"/></externalLink>'
ORDINARY = b'<externalLink xmlns="x"><externalBook r:id="rId1"/></externalLink>'


def errors_of(parts):
    file = io.BytesIO()
    workbook(file, {name: [content] for name, content in parts.items()})
    file.seek(0)
    file.name = "f.xlsx"
    with pytest.raises(BadFile) as refused:
        read_table(file, COLUMNS).close()
    return " ".join(str(error) for error in refused.value.errors)


@pytest.mark.parametrize(
    "parts",
    [
        {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"},
        {"xl/macrosheets/sheet1.xml": b"<x/>"},
        {"xl/activeX/activeX1.xml": b"<x/>"},
        {"xl/embeddings/oleObject1.bin": b"x"},
        {"xl/media/inner.zip": b"PK\x03\x04"},
        {"xl/media/start.HTA": b"x"},
        {LINK: DDE},
        {LINK: OLE},
    ],
    ids=["macro", "macro sheet", "control", "embedded", "archive", "page", "DDE", "OLE"],
)
def test_whatever_could_run_is_refused(parts):
    assert "indeholder makroer eller andre filer" in errors_of(parts)


def test_a_link_to_another_workbook_is_none_of_them():
    assert "makroer" not in errors_of({LINK: ORDINARY, "xl/printerSettings/printerSettings1.bin": b"x"})
