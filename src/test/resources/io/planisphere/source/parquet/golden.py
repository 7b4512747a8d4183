#!/usr/bin/env python3
"""Writes small Parquet files as other programs lay them out, with pyarrow (26.0.1) and Pillow alone.

img2dataset.parquet  the columns that img2dataset documents for its format parquet; the photo of a failed download is null
huggingface.parquet  struct<bytes, path>, as the datasets library stores its feature Image
plain.parquet        a plain column of bytes between others, in row groups of two
two.parquet          two columns of bytes
manifest.parquet     says where photos are, and has their hashes as bytes

    python3 golden.py
"""
import io
import pathlib

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

HERE = pathlib.Path(__file__).parent
COLOURS = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255)}


def photo(name):
    out = io.BytesIO()
    Image.new("RGB", (12, 9), COLOURS[name]).save(out, "PNG")
    return out.getvalue()


def write(name, table, **options):
    pq.write_table(table, HERE / name, **options)


write(
    "img2dataset.parquet",
    pa.table(
        {
            "url": ["http://a/red.jpg", "http://a/gone.jpg", "http://a/blue.jpg"],
            "caption": ["Rot, sehr rot", "weg", None],
            "key": ["000000000", "000000001", "000000002"],
            "status": ["success", "failed_to_download", "success"],
            "error_message": [None, "HTTP Error 404: Not Found", None],
            "width": pa.array([12, None, 12], pa.int32()),
            "height": pa.array([9, None, 9], pa.int32()),
            "original_width": pa.array([120, None, 120], pa.int32()),
            "original_height": pa.array([90, None, 90], pa.int32()),
            "exif": ["{}", None, "{}"],
            "jpg": pa.array([photo("red"), None, photo("blue")], pa.binary()),
        }
    ),
)
image = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
write(
    "huggingface.parquet",
    pa.table(
        {
            "image": pa.array(
                [{"bytes": photo("green"), "path": "green.png"}, {"bytes": photo("red"), "path": None}, None], image
            ),
            "label": pa.array([3, 1, 2], pa.int64()),
        }
    ),
)
write(
    "plain.parquet",
    pa.table(
        {
            "id": ["r", "g", "b", "r2", "g2"],
            "owner": ["anna", "ben", "anna", "carl", "ben"],
            "content": pa.array([photo(c) for c in ("red", "green", "blue", "red", "green")], pa.binary()),
            "score": [0.5, 1.5, 2.5, 3.5, 4.5],
        }
    ),
    row_group_size=2,
    compression="zstd",
)
write(
    "two.parquet",
    pa.table({"id": ["a"], "thumbnail": pa.array([photo("red")], pa.binary()), "jpg": pa.array([photo("red")], pa.binary())}),
)
write(
    "manifest.parquet",
    pa.table({"url": ["a.jpg"], "sha1": pa.array([bytes(20)], pa.binary())}),
)
