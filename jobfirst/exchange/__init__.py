"""Files in and out (FORMATS), the same for the commands and for the upload pages.

`reading` turns a CSV or XLSX file into `rows`, which collect everything that is wrong with it; `command`
makes a management command of an importer; `writing` makes exports that no spreadsheet will execute.
"""

from jobfirst.exchange.reading import read_table
from jobfirst.exchange.rows import BadFile, FileRow, FileTable, RowError

__all__ = ["BadFile", "FileRow", "FileTable", "RowError", "read_table"]
