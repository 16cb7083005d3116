"""The program that reads a delivered file in a separate process (`jobfirst.files.limited_process`).

`program` is the entry point, `delimited` reads CSV, `workbook` reads XLSX. Uses only the standard library,
and openpyxl for workbooks. Errors are codes, which `jobfirst.exchange.reading` translates.
"""
