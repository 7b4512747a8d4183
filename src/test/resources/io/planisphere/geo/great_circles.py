"""Writes great_circles.csv: distances from the angle between unit vectors, computed with 60 decimal digits (pip install mpmath)."""
from mpmath import acos, cos, mp, mpf, pi, sin

mp.dps = 60
PAIRS = [
    ("52.52,13.405", "48.8566,2.3522"), ("40.7128,-74.006", "51.5074,-0.1278"), ("-33.8688,151.2093", "64.1466,-21.9426"),
    ("0,0", "0,0"), ("0,0", "0,90"), ("0,0", "90,0"), ("90,0", "-90,0"), ("0,0", "0,180"), ("0,179.9", "0,-179.9"),
    ("10,180", "10,-180"), ("45,10", "45.0000001,10"), ("45,10", "45,10.0000001"), ("30,20", "-30,-160"),
    ("30,20", "-30.0000001,-160"), ("30,20", "-29.9999,-159.9999"), ("89.9999999,0", "89.9999999,180"),
]


def vector(place):
    latitude, longitude = (mpf(value) * pi / 180 for value in place.split(","))
    return cos(latitude) * cos(longitude), cos(latitude) * sin(longitude), sin(latitude)


with open("great_circles.csv", "w", encoding="utf-8") as out:
    out.write("latitude,longitude,other_latitude,other_longitude,distance_km\n")
    for one, other in PAIRS:
        dot = sum(a * b for a, b in zip(vector(one), vector(other)))
        distance = 6371 * acos(max(mpf(-1), min(mpf(1), dot)))
        out.write(f"{one},{other},{mp.nstr(distance, 17)}\n")
