"""The values of GeoFunctionsTest, from s2sphere (a port of S2 to Python, independent of the Java one) and the haversine.

pip install s2sphere && python3 golden.py
"""
from math import asin, cos, radians, sin, sqrt

from s2sphere import CellId, LatLng

for place in (40.7128, -74.0060), (48.8584, 2.2945), (-33.8568, 151.2153), (90, 0), (-90, 0), (0, 180), (0, -180):
    leaf = CellId.from_lat_lng(LatLng.from_degrees(*place))
    print("s2_cell", place, {level: leaf.parent(level).to_token() for level in (0, 4, 12, 30)})

for token, level in ("89c25", 4), ("89c25", 8), ("89c259c5", 6), ("b5", 0):
    print("s2_parent", token, level, CellId.from_token(token).parent(level).to_token())

for degrees in (40.7128, -74.0060, 51.5074, -0.1278), (0, 179, 0, -179), (0, 0, 0, 180), (0, 0, 90, 0):
    lat1, lng1, lat2, lng2 = map(radians, degrees)
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lng2 - lng1) / 2) ** 2
    print("great_circle_km", degrees, 2 * 6371 * asin(sqrt(h)))
