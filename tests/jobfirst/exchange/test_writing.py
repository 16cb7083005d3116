"""Exports that no spreadsheet executes."""

import datetime
import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from jobfirst.exchange.writing import ExportSheet, csv_file, csv_text, xlsx_bytes

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_would_be_a_formula_is_neutralised(text):
    assert "'" + text.strip() in csv_text(["name"], [[text]]).replace("\t", "").replace("\r", "")
    sheet = load_workbook(io.BytesIO(xlsx_bytes([ExportSheet("s", ["name"], [[text]])]))).active
    assert sheet["A2"].value.startswith("'")
    assert sheet["A2"].data_type == "s"


def test_numbers_stay_numbers():
    sheet = load_workbook(
        io.BytesIO(xlsx_bytes([ExportSheet("s", ["amount"], [[Decimal("-8000.00")]])]))
    ).active
    assert sheet["A2"].value == -8000
    assert sheet["A2"].data_type == "n"
    assert csv_text(["amount"], [[Decimal("-8000.00")]]).splitlines()[1] == "-8000.00"


def test_a_csv_file_opens_in_a_danish_excel():
    """Byte-order mark, semicolons, decimal commas, line ends of Windows, ISO dates; no formula."""
    row = ["Ærø", Decimal("-8000.50"), 0.25, 7, datetime.date(2016, 3, 1), None, "=1+1"]
    content = csv_file(["a", "b", "c", "d", "e", "f", "g"], [row])
    assert content.startswith(b"\xef\xbb\xbfa;b;")
    assert content.decode("utf-8-sig") == "a;b;c;d;e;f;g\r\nÆrø;-8000,50;0,25;7;2016-03-01;;'=1+1\r\n"
