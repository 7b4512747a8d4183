"""Writes nested partitions by s2sphere 0.2.5, a Python port of the S2 library (pip install s2sphere).

  nested_cells.py                     nested_cells.csv, of 20,000 places that a generator of whole numbers scatters
  nested_cells.py PLACES.csv          real_cells.csv, of 25,600 photos of YFCC100M with the columns LAT and LON

Each partition is built alone, one place at a time, without any sharing between them.
"""
import collections
import csv
import sys

import s2sphere

T_MIN, T_MAX, MAX_LEVEL = 10, (1000, 200, 50), 16


def scattered():
    """Three quarters of the places in crowds, whose sizes differ; coordinates are whole multiples of 1e-7 degrees."""
    state = 1

    def below(limit):
        nonlocal state
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (state >> 31) % limit

    crowds = [(below(1_700_000_000) - 850_000_000, below(3_600_000_001) - 1_800_000_000) for _ in range(64)]
    for number in range(20_000):
        if number % 4 == 0:
            north, east = below(1_800_000_001) - 900_000_000, below(3_600_000_001) - 1_800_000_000
        else:
            north, east = crowds[below(1 + below(64))]
            north, east = north + below(10_000_000), (east + below(10_000_000) + 1_800_000_000) % 3_600_000_000 - 1_800_000_000
        yield north / 1e7, east / 1e7


def real(file):
    with open(file, encoding="utf-8") as table:
        for row in csv.DictReader(table):
            yield float(row["LAT"]), float(row["LON"])


def partition(leaves, t_max, level=0):
    cells = collections.defaultdict(list)
    for leaf in leaves:
        cells[leaf.parent(level).id()].append(leaf)
    for cell, inside in cells.items():
        if len(inside) > t_max and level < MAX_LEVEL:
            yield from partition(inside, t_max, level + 1)
        elif len(inside) >= T_MIN:
            yield cell, len(inside)


places = real(sys.argv[1]) if len(sys.argv) > 1 else scattered()
leaves = [s2sphere.CellId.from_lat_lng(s2sphere.LatLng.from_degrees(*place)) for place in places]
with open("real_cells.csv" if len(sys.argv) > 1 else "nested_cells.csv", "w", encoding="utf-8") as out:
    out.write("t_max,hex_id,imgs_per_cell\n")
    for t_max in T_MAX:
        for cell, count in sorted(partition(leaves, t_max)):
            out.write(f"{t_max},{s2sphere.CellId(cell).to_token()},{count}\n")
