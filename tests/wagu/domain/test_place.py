"""Places and boxes."""

from __future__ import annotations

import math

import pytest

from wagu.domain.place import Point, box, place_address, place_category, place_name, place_point
from wagu.errors import Invalid


def test_what_a_place_may_be():
    assert place_name(" 을지면옥 ") == "을지면옥"
    assert place_point(90, -180) == Point(90, -180)
    assert place_category(" ") is None
    assert place_category(None) is None
    assert place_category("한식") == "한식"
    assert place_address("서울  중구") == "서울 중구"


@pytest.mark.parametrize("raw", ["", " ", "x" * 61, "a\x07"])
def test_names_that_are_refused(raw):
    with pytest.raises(Invalid, match=r"place\.bad_name"):
        place_name(raw)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 90.0001])
def test_points_off_the_earth(number):
    with pytest.raises(Invalid, match=r"place\.bad_coordinates"):
        place_point(number, 0)
    with pytest.raises(Invalid, match=r"place\.bad_coordinates"):
        place_point(0, number * 2)


def test_boxes():
    assert box(-1, 170, 1, -170).west == 170
    for edges in ((1, 0, 0, 1), (0, 0, 91, 0), (0, math.nan, 0, 0)):
        with pytest.raises(Invalid, match=r"place\.bad_box"):
            box(*edges)
