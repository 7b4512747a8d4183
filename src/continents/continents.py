"""Makes src/main/resources/io/planisphere/geo/continents.bin.gz from Natural Earth (public domain).

    pip download --no-deps geopandas==0.14.4 && unzip geopandas-0.14.4-*.whl 'geopandas/datasets/naturalearth_lowres/*'
    pip install numpy scipy pyshp
    python3 continents.py geopandas/datasets/naturalearth_lowres/naturalearth_lowres OUTPUT

The output, unzipped: 720 rows from north to south of 1440 bytes from west to east, a byte per quarter of a degree, the index
of the continent in NAMES. The sea has the continent of the nearest land by great circle.
"""
import gzip
import sys

import numpy as np
import shapefile
from scipy.spatial import cKDTree

NAMES = ["Africa", "Antarctica", "Asia", "Europe", "North America", "Oceania", "South America"]
PER_DEGREE = 4
SEA = 255

# Islands too small for this edition of Natural Earth, and far from the mainland they are counted to: latitude, longitude.
ISLANDS = {
    "Africa": [(28.3, -16.5), (15.1, -23.6), (-21.1, 55.5), (-20.3, 57.5), (-4.6, 55.5), (-16, -5.7), (-7.9, -14.4)],
    "Asia": [(4.2, 73.5), (-7.3, 72.4), (11.7, 92.7), (24.8, 125.3), (27.1, 142.2)],
    "Europe": [
        (38.6, -28), (37.8, -25.5), (32.7, -17), (35.9, 14.4), (62, -6.9),
        (36.2, 28), (36.8, 27.1), (37.75, 26.8), (38.4, 26.05), (39.2, 26.3),
    ],
    "North America": [(32.3, -64.8), (13.2, -59.5)],
    "Oceania": [
        (13.5, 144.8), (7.4, 134.5), (6.9, 158.2), (7.1, 171.1), (1.4, 173), (-0.5, 166.9), (-8.5, 179.2), (-13.8, -172),
        (-21.2, -175.2), (-21.2, -159.8), (-17.6, -149.5), (-9, -140), (-23.1, -134.9), (-27.1, -109.4), (1.9, -157.4),
        (-10.5, 105.7), (-12.2, 96.8), (-29, 168), (-44, -176.5), (28.2, -177.4),
    ],
    "South America": [(-0.7, -90.5), (-51.7, -59), (-3.9, -32.4), (-33.6, -78.8)],
    "Antarctica": [(-54.4, -36.5), (-49.3, 69.5)],
}


def continent(country, given, longitudes, latitudes):
    """Of each point of a country; those of several continents are divided, the others are where Natural Earth has them."""
    where = np.full(longitudes.shape, NAMES.index(given) if given in NAMES else NAMES.index("Antarctica"), np.uint8)
    if country == "Russia":  # the Urals; beyond 180 degrees lies Chukotka
        where[(longitudes > 60) | (longitudes < 0)] = NAMES.index("Asia")
    if country == "France":  # Guiana
        where[longitudes < -40] = NAMES.index("South America")
    if country == "United States of America":  # Hawaii
        where[(latitudes < 30) & (longitudes < -150)] = NAMES.index("Oceania")
    if country == "Indonesia":  # New Guinea
        where[longitudes > 130.8] = NAMES.index("Oceania")
    return where


def inside(ring, longitudes, latitudes):
    """Which centres of the grid lie in the ring, by the even-odd rule along each row."""
    mask = np.zeros((len(latitudes), len(longitudes)), bool)
    x, y = np.array(ring).T
    for row, latitude in enumerate(latitudes):
        crossing = np.nonzero((y[:-1] > latitude) != (y[1:] > latitude))[0]
        at = x[crossing] + (latitude - y[crossing]) * (x[crossing + 1] - x[crossing]) / (y[crossing + 1] - y[crossing])
        for edge in at:
            mask[row] ^= longitudes > edge
    return mask


def unit(latitudes, longitudes):
    phi, lam = np.radians(latitudes), np.radians(longitudes)
    return np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)], -1)


def main(shapes, output):
    longitudes = -180 + (np.arange(360 * PER_DEGREE) + 0.5) / PER_DEGREE
    latitudes = 90 - (np.arange(180 * PER_DEGREE) + 0.5) / PER_DEGREE
    grid_longitudes, grid_latitudes = np.meshgrid(longitudes, latitudes)
    grid = np.full(grid_longitudes.shape, SEA, np.uint8)
    for feature in shapefile.Reader(shapes).shapeRecords():
        mask = np.zeros(grid.shape, bool)
        starts = list(feature.shape.parts) + [len(feature.shape.points)]
        for start, end in zip(starts, starts[1:]):
            mask ^= inside(feature.shape.points[start:end], longitudes, latitudes)
        of = continent(feature.record["name"], feature.record["continent"], grid_longitudes, grid_latitudes)
        grid[mask] = of[mask]
    for name, places in ISLANDS.items():
        for latitude, longitude in places:
            row, column = int((90 - latitude) * PER_DEGREE), int((longitude + 180) * PER_DEGREE)
            grid[row, column] = NAMES.index(name)
    land = grid != SEA
    nearest = cKDTree(unit(grid_latitudes[land], grid_longitudes[land]))
    grid[~land] = grid[land][nearest.query(unit(grid_latitudes[~land], grid_longitudes[~land]))[1]]
    with open(output, "wb") as file:
        file.write(gzip.compress(grid.tobytes(), 9, mtime=0))
    for index, name in enumerate(NAMES):
        print(f"{name:15} {land[grid == index].sum():7} cells of land")


main(*sys.argv[1:])
