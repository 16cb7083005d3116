"""The measures of a project (D7, D12–D30): what each counts, of how many, and the rows behind the number.

A measure is one SELECT over the raw rows of any number of projects (`source`). Its figures are an aggregate
of that SELECT, and its list is the SELECT itself, so that a figure equals the length of the list it opens.
"""
