#!/usr/bin/env python3
"""Reads what `jobs/pack.sh` wrote from a folder, with nothing of Planisphere: tarfile, pyarrow, and the SequenceFile format by hand.

Compares every photo with the file that it was made from, byte by byte, and groups tars as the webdataset library does: by
the part of the path before the first dot of the base name, with the files of a sample next to each other.

    python3 read_shards.py SHARDS [PHOTOS]

Without PHOTOS the original is the file that `uri` names. Prints one line and exits with 0 if all agree. Needs pyarrow for
Parquet only.
"""
import json
import pathlib
import re
import struct
import sys
import tarfile
from urllib.parse import urlparse


def tar(path):
    samples, last = {}, None
    with tarfile.open(path) as shard:
        for member in shard:
            key, field = re.match(r"^((?:.*/|)[^.]+)[.]([^/]*)$", member.name).groups()
            if key != last and key in samples:
                sys.exit(f"{path}: the files of {key} do not stand together")
            fields = samples.setdefault(key, {})
            if field in fields:
                sys.exit(f"{path}: {member.name} stands there twice")
            fields[field] = shard.extractfile(member).read()
            last = key
    for key, fields in samples.items():
        metadata = json.loads(fields.pop("json"))
        (photo,) = fields.values()
        yield metadata["id"], metadata["uri"], photo


def parquet(path):
    import pyarrow.parquet as pq

    for row in pq.read_table(path).to_pylist():
        yield row["id"], row["uri"], row["image"]["bytes"]


def vint(data, at):
    first = struct.unpack_from("b", data, at)[0]
    if first >= -112:
        return first, at + 1
    size = -112 - first if first >= -120 else -120 - first
    value = int.from_bytes(data[at + 1 : at + 1 + size], "big")
    return (value if first >= -120 else ~value), at + 1 + size


def sequence(path):
    data = path.read_bytes()
    assert data[:4] == b"SEQ\x06", path
    at = 4
    for _ in range(2):
        length, at = vint(data, at)
        at += length
    assert data[at : at + 2] == b"\0\0", "compressed"
    at += 2
    assert struct.unpack_from(">i", data, at)[0] == 0, "metadata"
    at += 4 + 16
    while at < len(data):
        length = struct.unpack_from(">i", data, at)[0]
        at += 4
        if length == -1:
            at += 16
            continue
        key_length = struct.unpack_from(">i", data, at)[0]
        at += 4
        text, start = vint(data, at)
        key = data[start : start + text].decode()
        value = data[at + key_length : at + length]
        assert struct.unpack_from(">i", value, 0)[0] == len(value) - 4
        yield key, None, value[4:]
        at += length


def main():
    shards = pathlib.Path(sys.argv[1])
    photos = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else None
    readers = {".tar": tar, ".parquet": parquet, ".seq": sequence}
    read = set()
    for path in sorted(shards.iterdir()):
        if path.suffix in readers:
            for name, uri, photo in readers[path.suffix](path):
                original = photos / name if photos else pathlib.Path(urlparse(uri).path)
                if original.read_bytes() != photo:
                    sys.exit(f"{path}: {name} is not {original}")
                if name in read:
                    sys.exit(f"{path}: {name} stands there twice")
                read.add(name)
    print(f"{len(read)} photos, each to the byte what it was")


main()
