"""Writes s2_tokens.csv: S2 tokens by s2sphere 0.2.5, a Python port of the S2 library (pip install s2sphere)."""
import random

import s2sphere

PLACES = [
    (0.0, 0.0), (90.0, 0.0), (-90.0, 0.0), (0.0, 180.0), (0.0, -180.0), (12.5, 179.9999999), (12.5, -179.9999999),
    (40.7128, -74.0060), (51.5074, -0.1278), (-33.8688, 151.2093), (35.6762, 139.6503), (-54.8019, -68.3030),
    (78.2232, 15.6267), (-77.8419, 166.6863), (64.1466, -21.9426), (1.3521, 103.8198),
]
generator = random.Random(7)
for _ in range(34):
    PLACES.append((round(generator.uniform(-90, 90), 7), round(generator.uniform(-180, 180), 7)))

with open("s2_tokens.csv", "w", encoding="utf-8") as out:
    out.write("latitude,longitude,level,token\n")
    for latitude, longitude in PLACES:
        leaf = s2sphere.CellId.from_lat_lng(s2sphere.LatLng.from_degrees(latitude, longitude))
        for level in (0, 1, 5, 12, 21, 30):
            out.write(f"{latitude!r},{longitude!r},{level},{leaf.parent(level).to_token()}\n")
