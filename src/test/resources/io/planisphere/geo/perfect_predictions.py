"""Writes perfect_predictions.csv, the golden values of PerfectClassifierTest:

    python3 perfect_predictions.py CELLS > perfect_predictions.csv

CELLS is the cells.csv of the built-in package. Cells are found by s2sphere 0.2.5, nearest means by comparing all of them with
numpy; half of the places lie anywhere, half near a mean.
"""
import csv
import sys

import numpy as np
import s2sphere


def unit(latitude, longitude):
    phi, lam = np.radians(latitude), np.radians(longitude)
    return np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)], -1)


cells = list(csv.DictReader(open(sys.argv[1])))
ids = [s2sphere.CellId.from_token(cell["hex_id"]) for cell in cells]
means = unit(
    np.array([float(cell["latitude_mean"]) for cell in cells]), np.array([float(cell["longitude_mean"]) for cell in cells])
)
random = np.random.default_rng(1)
print("latitude,longitude,in_cell,label")
for i in range(200):
    if i % 2:
        cell = cells[random.integers(len(cells))]
        latitude = float(cell["latitude_mean"]) + random.normal(0, 1)
        longitude = (float(cell["longitude_mean"]) + random.normal(0, 1) + 180) % 360 - 180
    else:
        latitude, longitude = np.degrees(np.arcsin(random.uniform(-1, 1))), random.uniform(-180, 180)
    latitude, longitude = round(float(np.clip(latitude, -90, 90)), 6), round(float(longitude), 6)
    leaf = s2sphere.CellId.from_lat_lng(s2sphere.LatLng.from_degrees(latitude, longitude))
    holding = [label for label, cell in enumerate(ids) if cell.contains(leaf)]
    label = holding[0] if holding else int(np.argmax(means @ unit(latitude, longitude)))
    print(f"{latitude},{longitude},{len(holding)},{cells[label]['class_label']}")
