"""Web Mercator in whole numbers: the pixels of the world at zoom 22, in tiles of 256.

Whole numbers make a grid exact in every database: a cell is a division. The poles beyond 85° are
drawn at the edge, as on every web map.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from wagu.domain.place import Box, Point

DEEPEST_ZOOM = 22
WORLD = 256 << DEEPEST_ZOOM  # 2^30: about 4 cm at the equator
EDGE = math.degrees(math.atan(math.sinh(math.pi)))  # 85.0511°


@dataclass(frozen=True, slots=True)
class Pixel:
    """From the north-west corner: x to the east, y to the south."""

    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Window:
    """A viewport in pixels, edges included; `west > east` crosses the antimeridian."""

    west: int
    north: int
    east: int
    south: int

    @property
    def width(self) -> int:
        return (self.east - self.west) % WORLD + 1

    @property
    def height(self) -> int:
        return self.south - self.north + 1


def pixel(at: Point) -> Pixel:
    x = (at.lng + 180) / 360
    lat = math.radians(max(-EDGE, min(EDGE, at.lat)))
    y = (1 - math.asinh(math.tan(lat)) / math.pi) / 2
    return Pixel(_whole(x), _whole(y))


def point(x: float, y: float) -> Point:
    """Of the middle of a pixel, or of a mean of pixels."""
    lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * (y + 0.5) / WORLD))))
    return Point(lat, (x + 0.5) / WORLD * 360 - 180)


def window(box: Box) -> Window:
    north_west, south_east = pixel(Point(box.north, box.west)), pixel(Point(box.south, box.east))
    return Window(north_west.x, north_west.y, south_east.x, south_east.y)


def _whole(share: float) -> int:
    return max(0, min(WORLD - 1, math.floor(share * WORLD)))
