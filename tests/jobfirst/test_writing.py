"""Exports that no spreadsheet executes."""

import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from jobfirst.exchange.writing import ExportSheet, csv_text, xlsx_bytes

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
