#!/usr/bin/env python3
"""Reads the rows of a `locate` run with nothing of Planisphere: pandas (pyarrow), or DuckDB.

    python3 read_rows.py pandas|duckdb OUTPUT

Prints a line per row, in the form of OutputReadersTest. Needs pandas and pyarrow, or duckdb.
"""
import sys


def line(row):
    cells = row["cells"]
    listed = [] if cells is None else cells
    return "|".join([
        row["id"],
        str(int(row["batch"])),
        row["status"],
        ",".join(f"{cell['token']}:{cell['probability']:.4f}:{cell['latitude']:.4f}" for cell in listed),
    ])


def with_pandas(output):
    import pandas

    return pandas.read_parquet(output).to_dict("records")


def with_duckdb(output):
    import duckdb

    files = f"{output}/batch=*/*.parquet".replace("'", "''")
    duckdb.execute(f"CREATE VIEW places AS SELECT * FROM read_parquet('{files}', hive_partitioning = true)")
    rows = duckdb.execute("SELECT id, batch, status, cells FROM places")
    return [dict(zip(("id", "batch", "status", "cells"), row)) for row in rows.fetchall()]


for text in sorted(map(line, {"pandas": with_pandas, "duckdb": with_duckdb}[sys.argv[1]](sys.argv[2]))):
    print(text)
