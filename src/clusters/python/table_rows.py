"""Counts the rows of a table by batch and writer, without Spark or Java:  table_rows.py delta|iceberg FOLDER

FOLDER is that of TableIT: the warehouse is in it, and for Iceberg the catalog, a SQLite file.
"""

import sqlite3
import os
import sys


def delta(folder):
    from deltalake import DeltaTable

    return DeltaTable(f"{folder}/warehouse/places").to_pyarrow_table()


def iceberg(folder):
    from pyiceberg.table import StaticTable

    with sqlite3.connect(f"{folder}/catalog.db") as catalog:
        (metadata,) = catalog.execute("select metadata_location from iceberg_tables where table_name = 'places'").fetchone()
    return StaticTable.from_metadata(metadata).scan().to_arrow()


rows = {"delta": delta, "iceberg": iceberg}[sys.argv[1]](sys.argv[2])
counts = {}
for row in rows.select(["batch", "writer"]).to_pylist():
    key = (row["batch"], row["writer"])
    counts[key] = counts.get(key, 0) + 1
print(" ".join(f"{batch}:{writer}:{count}" for (batch, writer), count in sorted(counts.items())))

# the readers' native threads may abort the interpreter while it shuts down; the rows are out by now
sys.stdout.flush()
os._exit(0)
