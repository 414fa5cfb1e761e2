"""Places that would cover each other on a map, drawn as one: a grid of fixed cells, so that what is
one stays one while the map is moved, and comes apart as it is zoomed; then neighbours across the
edges of cells."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from wagu.domain.live import LiveId
from wagu.domain.mercator import DEEPEST_ZOOM, Pixel, Window, point
from wagu.domain.place import Box, Place, Point

CELL = 64
"""Pixels of the screen: a pin is 40 wide, and a thumb not less."""

PIN = 44
"""Pixels of the screen: nearer to each other than this, two would cover each other."""

CELLS_MAX = 2_048
"""Of one answer: a screen of 4K has as many; who asks for more gets larger cells."""

Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Cluster:
    """`at` is the middle of its places, `box` holds them all, `lives` are those on air there, the
    newest first; `place` when it is only one."""

    at: Point
    box: Box
    count: int
    lives: tuple[LiveId, ...]
    place: Place | None


@dataclass(frozen=True, slots=True)
class Heap:
    """The places of a cell, as a database counts them, or of several: sums and bounds of their
    pixels."""

    cells: tuple[Cell, ...]
    count: int
    x_sum: int
    y_sum: int
    west: int
    north: int
    east: int
    south: int

    def __add__(self, other: Heap) -> Heap:
        return Heap(
            self.cells + other.cells,
            self.count + other.count,
            self.x_sum + other.x_sum,
            self.y_sum + other.y_sum,
            min(self.west, other.west),
            min(self.north, other.north),
            max(self.east, other.east),
            max(self.south, other.south),
        )

    def distance(self, other: Heap) -> float:
        return math.hypot(
            self.x_sum / self.count - other.x_sum / other.count,
            self.y_sum / self.count - other.y_sum / other.count,
        )


def cell_size(view: Window, zoom: float) -> int:
    """The side of a cell in pixels of `wagu.domain.mercator`, a power of two."""
    size = CELL << max(0, DEEPEST_ZOOM - max(0, int(zoom)))
    while (view.width // size + 1) * (view.height // size + 1) > CELLS_MAX:
        size *= 2
    return size


def cell_of(pixel: Pixel, size: int) -> Cell:
    return (pixel.x // size, pixel.y // size)


def joined(heaps: Iterable[Heap], size: int) -> list[Heap]:
    """Those of one cell each, of cells of that size: the larger take in their neighbours that they
    would cover."""
    near = size * PIN / CELL
    alone = {
        heap.cells[0]: heap for heap in sorted(heaps, key=lambda heap: (-heap.count, heap.cells))
    }
    found = []
    for cell in tuple(alone):
        heap = alone.pop(cell, None)
        if heap is None:
            continue  # taken in
        for neighbour in _around(cell):
            other = alone.get(neighbour)
            if other is not None and heap.distance(other) < near:
                heap += alone.pop(neighbour)
        found.append(heap)
    return found


def _around(cell: Cell) -> list[Cell]:
    x, y = cell
    return [(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1) if dx or dy]


def cluster(heap: Heap, *, lives: tuple[LiveId, ...], place: Place | None) -> Cluster:
    """A place alone stands where it is, not where its pixel is."""
    if place is not None:
        spot = Box(place.at.lat, place.at.lng, place.at.lat, place.at.lng)
        return Cluster(place.at, spot, 1, lives, place)
    north_west, south_east = point(heap.west, heap.north), point(heap.east, heap.south)
    box = Box(south_east.lat, north_west.lng, north_west.lat, south_east.lng)
    at = point(heap.x_sum / heap.count, heap.y_sum / heap.count)
    return Cluster(at, box, heap.count, lives, None)
