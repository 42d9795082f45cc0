"""Draws the land under the map: the states of the US, thinned to what a screen can show.

Run it after changing [outlines] in vendor.toml:  .venv/bin/python tools/outlines.py
The borders are the Census Bureau's, in the public domain, as us-atlas packs them (TopoJSON).
"""

import json
import math
import shutil
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vendor_assets import LIST, ROOT, unpack

TOLERANCE = 0.02  # degrees: about two kilometres, one pixel at zoom 7
Point = tuple[float, float]


def main() -> None:
    about = tomllib.loads(LIST.read_text())["outlines"]
    with tempfile.TemporaryDirectory() as room:
        source = unpack(about, Path(room))
        atlas = json.loads((source / about["file"]).read_text())
        shutil.copyfile(source / "LICENSE", ROOT / about["licence"])
    arcs = [_thinned(arc) for arc in _decoded(atlas)]
    states = atlas["objects"]["states"]["geometries"]
    nation = atlas["objects"]["nation"]["geometries"]
    used = Counter(arc if arc >= 0 else ~arc for g in states for ring in _rings(g) for arc in ring)
    drawn = {
        "land": [_ring(arcs, ring) for g in nation for ring in _rings(g)],
        "borders": [_rounded(arcs[arc]) for arc, times in sorted(used.items()) if times > 1],
    }
    drawn["land"] = [ring for ring in drawn["land"] if len(ring) > 3]
    (ROOT / about["into"]).write_text(json.dumps(drawn, separators=(",", ":")) + "\n")


def _decoded(atlas: dict[str, Any]) -> Iterator[list[Point]]:
    """Arcs as (latitude, longitude): TopoJSON keeps differences of whole numbers."""
    (across, up), (west, south) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    for arc in atlas["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((y * up + south, x * across + west))
        yield points


def _rings(geometry: dict[str, Any]) -> Iterator[list[int]]:
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    for polygon in polygons:
        yield from polygon


def _ring(arcs: list[list[Point]], ring: list[int]) -> list[list[float]]:
    points: list[Point] = []
    for arc in ring:
        part = arcs[arc] if arc >= 0 else arcs[~arc][::-1]
        points += part[1:] if points else part
    return _rounded(points)


def _rounded(points: list[Point]) -> list[list[float]]:
    return [[round(latitude, 2), round(longitude, 2)] for latitude, longitude in points]


def _thinned(points: list[Point]) -> list[Point]:
    """Douglas and Peucker: what lies nearer to the line than TOLERANCE is left out."""
    if len(points) < 3:
        return points
    far, at = max((_off(p, points[0], points[-1]), n) for n, p in enumerate(points[1:-1], 1))
    if far <= TOLERANCE:
        return [points[0], points[-1]]
    return _thinned(points[: at + 1])[:-1] + _thinned(points[at:])


def _off(point: Point, one: Point, other: Point) -> float:
    """The distance of a point from the line through two others, or from the one where they meet."""
    (y, x), (y0, x0), (y1, x1) = point, one, other
    length = math.hypot(y1 - y0, x1 - x0)
    if not length:
        return math.hypot(y - y0, x - x0)
    return abs((x1 - x0) * (y0 - y) - (x0 - x) * (y1 - y0)) / length


if __name__ == "__main__":
    main()
