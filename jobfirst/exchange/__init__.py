"""Import and export of files (docs/formats.md), shared by commands and upload pages.

`columns` declares what a file holds; `reading` turns a CSV or XLSX file into `rows`, which collect all
errors; `command` is the base of the import commands; `writing` writes exports that no spreadsheet executes.
"""

from jobfirst.exchange.columns import FileColumn
from jobfirst.exchange.reading import read_table
from jobfirst.exchange.rows import BadFile, FileRow, FileTable, RowError

__all__ = ["BadFile", "FileColumn", "FileRow", "FileTable", "RowError", "read_table"]
