"""Writing a table of the package as CSV and as Parquet, batch by batch: no file is ever held in memory."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from evaluation.packages.columns import PackageColumn, PackageRow, PackageTable
from jobfirst.exchange.writing import neutralise


def write_table(table: PackageTable, batches: Iterable[list[PackageRow]], folder: Path) -> int:
    """Write `<table>.csv` and `<table>.parquet` into the folder; return the number of rows."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(column.name, _arrow_type(column)) for column in table.columns])
    count = 0
    with (
        (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as text,
        pq.ParquetWriter(folder / f"{table.name}.parquet", schema) as parquet,
    ):
        writer = csv.writer(text, delimiter=";", lineterminator="\n")
        writer.writerow([column.name for column in table.columns])
        for rows in batches:
            writer.writerows([_csv_cell(value) for value in row] for row in rows)
            if rows:
                columns = [list(values) for values in zip(*rows, strict=True)]
                arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
                parquet.write_batch(pa.record_batch(arrays, schema=schema))
            count += len(rows)
    return count


def _arrow_type(column: PackageColumn) -> Any:
    import pyarrow as pa

    types = {"text": pa.string(), "integer": pa.int32(), "decimal": pa.float64(), "boolean": pa.bool_()}
    return types[column.type]


def _csv_cell(value: Any) -> Any:
    """Return the cell as it is written: nothing for what is missing, booleans as `true` and `false`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return neutralise(value)
