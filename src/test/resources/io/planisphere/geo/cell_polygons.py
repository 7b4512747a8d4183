"""Writes cell_polygons.csv: corners and area of S2 cells by s2sphere 0.2.5, a Python port of the S2 library (pip install s2sphere).

Corners are counter-clockwise from the cell's own first, "longitude latitude"; the pole's longitude means nothing. The area is
that of the cell's true outline, in square radians, from the angles of two spherical triangles with 50 digits (pip install mpmath).
"""
import random

import s2sphere
from mpmath import acos, mp, mpf, pi, sqrt

mp.dps = 50
TOKENS = ["1", "3", "5", "7", "9", "b", "74", "6c", "44", "5c", "54", "4c", "ac", "bc", "a4", "b4", "89c25", "6018f", "47a1cbd5"]
generator = random.Random(5)
for level in list(range(1, 31)) * 2:
    z, longitude = generator.uniform(-1, 1), generator.uniform(-180, 180)
    place = s2sphere.LatLng.from_angles(s2sphere.Angle.from_radians(float(mp.asin(z))), s2sphere.Angle.from_degrees(longitude))
    TOKENS.append(s2sphere.CellId.from_lat_lng(place).parent(level).to_token())
for latitude, longitude in [(90, 0), (-90, 0), (0, 180), (12.3, -180), (89.9999, 45), (-89.99, 100), (35.2644, 45), (51.5, -0.12)]:
    leaf = s2sphere.CellId.from_lat_lng(s2sphere.LatLng.from_degrees(latitude, longitude))
    for level in (1, 6, 16, 23, 30):
        TOKENS.append(leaf.parent(level).to_token())


def unit(raw):
    vector = [mpf(raw[i]) for i in range(3)]
    length = sqrt(sum(v * v for v in vector))
    return [v / length for v in vector]


def cross(a, b):
    return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]


def angle(at, one, other):
    a, b = unit(cross(at, one)), unit(cross(at, other))
    return acos(max(mpf(-1), min(mpf(1), sum(x * y for x, y in zip(a, b)))))


def triangle(a, b, c):
    return angle(a, b, c) + angle(b, c, a) + angle(c, a, b) - pi


with open("cell_polygons.csv", "w", encoding="utf-8") as out:
    out.write("token,level,corner0,corner1,corner2,corner3,area\n")
    for token in dict.fromkeys(TOKENS):
        cell = s2sphere.Cell(s2sphere.CellId.from_token(token))
        raw = [cell.get_vertex_raw(k) for k in range(4)]
        places = [s2sphere.LatLng.from_point(vertex) for vertex in raw]
        corners = [f"{place.lng().degrees:.11f} {place.lat().degrees:.11f}" for place in places]
        vertices = [unit(vertex) for vertex in raw]
        area = triangle(*vertices[:3]) + triangle(vertices[0], vertices[2], vertices[3])
        out.write(f"{token},{cell.level()},{','.join(corners)},{mp.nstr(area, 12)}\n")
