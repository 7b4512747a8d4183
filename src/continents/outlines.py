"""Makes src/main/resources/report/outlines.json from Natural Earth 1:110m (public domain).

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python3 outlines.py package/countries-110m.json OUTPUT

world-atlas (ISC) has Natural Earth as TopoJSON. The output has "land", the rings of each polygon, clockwise as d3-geo wants them,
and "borders", the lines between two countries; longitude and latitude in hundredths of a degree, one after the other.
"""
import collections
import json
import sys


def decoded(arc, transform):
    x = y = 0
    points = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        points.append([
            round(100 * (x * transform["scale"][0] + transform["translate"][0])),
            round(100 * (y * transform["scale"][1] + transform["translate"][1])),
        ])
    return points


def ring(indices, arcs):
    points = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += arc[1:] if points else arc
    return flat(points)


def flat(points):
    return [number for point in points for number in point]


def polygons(geometry):
    return geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]


def main(source, target):
    with open(source, encoding="utf-8") as file:
        atlas = json.load(file)
    arcs = [decoded(arc, atlas["transform"]) for arc in atlas["arcs"]]
    land = [
        [ring(indices, arcs) for indices in polygon]
        for geometry in atlas["objects"]["land"]["geometries"]
        for polygon in polygons(geometry)
    ]
    uses = collections.Counter(
        index if index >= 0 else ~index
        for geometry in atlas["objects"]["countries"]["geometries"]
        for polygon in polygons(geometry)
        for indices in polygon
        for index in indices
    )
    borders = [flat(arcs[index]) for index, count in sorted(uses.items()) if count > 1]
    with open(target, "w", encoding="utf-8") as file:
        json.dump({"land": land, "borders": borders}, file, separators=(",", ":"))
        file.write("\n")


main(*sys.argv[1:])
