"""The old grid against points that others have published."""

from __future__ import annotations

import math

import pytest

from wagu.places.naver import point_of
from wagu.places.tm128 import TM128, Ellipsoid, Grid, unprojected, wgs84_of_tm128

AIRY_1830 = Ellipsoid(6_377_563.396, 299.32496)
BRITISH = Grid(AIRY_1830, 49, -2, 0.9996012717, 400_000, -100_000)


def test_the_example_of_iogp_guidance_note_7_2():
    """3.5.3.1: 50°30′ N 0°30′ E on OSGB 1936 / British National Grid, given to the centimetre."""
    at = unprojected(577_274.99, 69_740.50, BRITISH)
    assert (at.lat, at.lng) == pytest.approx((50.5, 0.5), abs=2e-7)


def test_the_origin_of_the_grid():
    at = unprojected(400_000, 600_000, TM128)
    assert (at.lat, at.lng) == pytest.approx((38, 128), abs=1e-9)


@pytest.mark.parametrize(
    ("x", "y", "lat", "lng"),
    [
        # Seoul City Hall and 36° N 127° E, as the GeoTrans converter gives them
        (309_961.25, 552_080.84, 37.566554, 126.978546),
        (310_039.79, 378_221.75, 36.0, 127.0),
    ],
)
def test_published_points_of_katech(x, y, lat, lng):
    at = wgs84_of_tm128(x, y)
    north = (at.lat - lat) * 111_000
    east = (at.lng - lng) * 111_000 * math.cos(math.radians(lat))
    assert math.hypot(north, east) < 10  # metres: three translations are no better


def test_by_magnitude():
    assert point_of(1_269_873_882, 375_666_103).lng == pytest.approx(126.9873882)
    assert point_of(309_961, 552_081).lng == pytest.approx(126.9785, abs=1e-3)


def test_nowhere_is_no_crash():
    for x, y in ((0, 0), (-1, -1), (9_999_999, 9_999_999), (-9_999_999, 0), (1e15, -1e15)):
        at = point_of(x, y)
        assert math.isfinite(at.lat)
        assert math.isfinite(at.lng)
