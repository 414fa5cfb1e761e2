"""The grid of a map."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wagu.domain.cluster import (
    CELL,
    CELLS_MAX,
    PIN,
    Heap,
    cell_of,
    cell_size,
    cluster,
    joined,
)
from wagu.domain.live import LiveId
from wagu.domain.mercator import WORLD, Pixel, Window, pixel, window
from wagu.domain.place import Box, Place, PlaceId, Point

SEOUL = Box(37.4, 126.8, 37.7, 127.2)
NUMBERS = st.integers(0, WORLD - 1)


def test_a_cell_is_64_pixels_of_the_screen():
    tiny = Window(0, 0, 0, 0)
    assert cell_size(tiny, 22) == CELL
    assert cell_size(tiny, 21.9) == 2 * CELL
    assert cell_size(tiny, 24) == CELL, "deeper than the grid it stays"
    assert cell_size(window(SEOUL), 12) == CELL << 10


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS, st.floats(0, 24))
def test_an_answer_is_never_larger_than_a_screen(west, east, one, other, zoom):
    view = Window(west, min(one, other), east, max(one, other))
    size = cell_size(view, zoom)
    assert size & (size - 1) == 0
    cells = (view.width // size + 1) * (view.height // size + 1)
    assert cells <= CELLS_MAX


@given(NUMBERS, NUMBERS, st.integers(0, 22))
def test_cells_come_apart_into_four(x, y, zoom):
    """What is one at a zoom is within one at the zoom above: nothing jumps across."""
    size = CELL << zoom
    fine, coarse = cell_of(Pixel(x, y), size), cell_of(Pixel(x, y), 2 * size)
    assert (fine[0] // 2, fine[1] // 2) == coarse


def test_several_stand_in_their_middle():
    ends = pixel(Point(37.5, 127.0)), pixel(Point(37.6, 127.2))
    heap = Heap(
        cells=((1, 2),),
        count=2,
        x_sum=ends[0].x + ends[1].x,
        y_sum=ends[0].y + ends[1].y,
        west=ends[0].x,
        north=ends[1].y,
        east=ends[1].x,
        south=ends[0].y,
    )
    drawn = cluster(heap, lives=(LiveId("a"),), place=None)
    assert abs(drawn.at.lng - 127.1) < 1e-6
    assert abs(drawn.at.lat - 37.55) < 1e-3
    assert abs(drawn.box.south - 37.5) + abs(drawn.box.east - 127.2) < 1e-6
    assert (drawn.count, drawn.lives, drawn.place) == (2, ("a",), None)


def test_one_alone_stands_where_it_is():
    place = Place(PlaceId(7), "면옥", Point(37.123456789, 127.0))
    spot = pixel(place.at)
    heap = Heap(((0, 0),), 1, spot.x, spot.y, spot.x, spot.y, spot.x, spot.y)
    drawn = cluster(heap, lives=(), place=place)
    assert (drawn.at, drawn.place, drawn.count) == (place.at, place, 1)
    assert drawn.box == Box(37.123456789, 127.0, 37.123456789, 127.0)


def at(x: int, y: int, count: int = 1) -> Heap:
    """So many places at one pixel of a grid of cells of CELL."""
    return Heap((cell_of(Pixel(x, y), CELL),), count, x * count, y * count, x, y, x, y)


def test_neighbours_that_would_cover_each_other_are_one():
    left, right, far = at(60, 10, 3), at(70, 10), at(70, 10 + PIN + 30)
    both, alone = joined([right, far, left], CELL)
    assert both == left + right
    assert (both.count, both.cells, both.west, both.east) == (4, ((0, 0), (1, 0)), 60, 70)
    assert alone == far
    apart = [at(60, 10), at(60 + PIN, 10)]
    assert joined(apart, CELL) == apart


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), max_size=80))
def test_joining_loses_nobody_and_is_the_same_in_any_order(spots):
    heaps = {cell_of(Pixel(x, y), CELL): at(x, y) for x, y in spots}
    found = joined(heaps.values(), CELL)
    assert sorted(cell for heap in found for cell in heap.cells) == sorted(heaps)
    assert sum(heap.count for heap in found) == len(heaps)
    assert found == joined(reversed(heaps.values()), CELL)
    alone = [heap for heap in found if heap.count == 1]
    for one in alone:
        for other in alone:
            assert one is other or one.distance(other) >= PIN
