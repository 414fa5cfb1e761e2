"""Pixels of the world."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagu.domain.mercator import EDGE, WORLD, Pixel, Window, pixel, point, window
from wagu.domain.place import Box, Point

POINTS = st.builds(Point, st.floats(-EDGE, EDGE), st.floats(-180, 180))


@pytest.mark.parametrize(
    ("at", "where"),
    [
        (Point(0, 0), Pixel(WORLD // 2, WORLD // 2)),
        (Point(90, -180), Pixel(0, 0)),
        (Point(-90, 180), Pixel(WORLD - 1, WORLD - 1)),
        (Point(66.51326044311186, -90), Pixel(WORLD // 4, WORLD // 4)),
    ],
)
def test_corners_and_middle(at, where):
    found = pixel(at)
    assert abs(found.x - where.x) <= 1
    assert abs(found.y - where.y) <= 1


@given(POINTS)
def test_there_and_back(at):
    back = pixel(at)
    again = point(back.x, back.y)
    assert pixel(again) == back
    assert abs(again.lat - at.lat) < 1e-6
    assert abs(again.lng - at.lng) < 1e-6


@given(POINTS, POINTS)
def test_what_is_in_a_box_is_in_its_window(one, other):
    south, north = sorted((one.lat, other.lat))
    west, east = sorted((one.lng, other.lng))
    view = window(Box(south, west, north, east))
    for at in (one, other):
        where = pixel(at)
        assert view.west <= where.x <= view.east
        assert view.north <= where.y <= view.south


def test_the_size_of_a_window():
    assert (Window(0, 0, WORLD - 1, WORLD - 1).width, Window(5, 7, 5, 7).height) == (WORLD, 1)
    assert window(Box(0, 179, 1, -179)).width == pytest.approx(WORLD / 180, abs=2)
