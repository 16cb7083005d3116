"""The program that reads a delivered file, in a process of its own (`jobfirst.limited_process`).

`program` is what is run, `delimited` reads CSV, `workbook` reads XLSX. Only the standard library is used, and
openpyxl for workbooks. What is wrong is said in codes, which `jobfirst.exchange.reading` puts into words.
"""
