"""The codebook of the package: what each column means, as CSV and as text, in Danish and English."""

from collections.abc import Iterator, Sequence

from django.utils import translation

from evaluation.packages.columns import PackageTable
from jobfirst.exchange.writing import csv_text

CODEBOOK_COLUMNS = ("table", "column", "type", "meaning_da", "meaning_en", "values", "source")


def codebook_csv(tables: Sequence[PackageTable]) -> str:
    """Return the codebook as CSV: a line for each column of each table."""
    rows = [
        (table.name, column.name, column.type, *_in_both(column.meaning), column.values, column.source)
        for table in tables
        for column in table.columns
    ]
    return csv_text(CODEBOOK_COLUMNS, rows)


def codebook_text(tables: Sequence[PackageTable]) -> str:
    """Return the codebook as Markdown."""
    return "\n".join(["# Kodebog · Codebook", "", *_lines(tables)])


def _lines(tables: Sequence[PackageTable]) -> Iterator[str]:
    for table in tables:
        danish, english = _in_both(table.meaning)
        yield from (f"## {table.name}", "", danish, "", f"*{english}*", "")
        yield "| kolonne · column | type | betydning · meaning | værdier · values | kilde · source |"
        yield "|---|---|---|---|---|"
        for column in table.columns:
            danish, english = _in_both(column.meaning)
            values = column.values.replace("|", "·")
            yield f"| {column.name} | {column.type} | {danish} *{english}* | {values} | {column.source} |"
        yield ""


def _in_both(text: object) -> tuple[str, str]:
    """Return the text in Danish and in English."""
    with translation.override("da"):
        danish = str(text)
    with translation.override("en"):
        return danish, str(text)
