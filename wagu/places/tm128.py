"""TM128 (also KATECH): the grid of old Korean car navigation, into WGS84 degrees. Pure.

projection   transverse Mercator, origin 38° N 128° E, scale 0.9999, false origin 400 km east,
             600 km north; inverse by the Krüger series of IOGP Guidance Note 373-7-2, 3.5.3.1
             ("JHS formulae"), good to a millimetre this near to the meridian
ellipsoid    Bessel 1841 (EPSG:7004)
datum        to WGS84 by three translations, as KATECH is usually defined for PROJ:
             +towgs84=-146.43,507.89,681.46; good to some metres, as any three are
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from wagu.domain.place import Point


@dataclass(frozen=True, slots=True)
class Ellipsoid:
    """`a` in metres, `inverse_f` is 1/flattening."""

    a: float
    inverse_f: float

    @property
    def e2(self) -> float:
        f = 1 / self.inverse_f
        return f * (2 - f)


@dataclass(frozen=True, slots=True)
class Grid:
    """A transverse Mercator projection; degrees and metres."""

    ellipsoid: Ellipsoid
    lat: float
    lng: float
    scale: float
    east: float
    north: float


BESSEL_1841 = Ellipsoid(6_377_397.155, 299.1528128)
WGS84 = Ellipsoid(6_378_137.0, 298.257223563)
TM128 = Grid(BESSEL_1841, 38, 128, 0.9999, 400_000, 600_000)
TO_WGS84 = (-146.43, 507.89, 681.46)


def wgs84_of_tm128(x: float, y: float) -> Point:
    """`x` east, `y` north, in metres."""
    return shifted(unprojected(x, y, TM128), BESSEL_1841, TO_WGS84, WGS84)


def unprojected(x: float, y: float, grid: Grid) -> Point:
    """Degrees on the grid's own ellipsoid."""
    e = math.sqrt(grid.ellipsoid.e2)
    n = 1 / (2 * grid.ellipsoid.inverse_f - 1)
    b = grid.ellipsoid.a / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    xi = (y - grid.north) / (b * grid.scale) + _origin(math.radians(grid.lat), e, n)
    eta = (x - grid.east) / (b * grid.scale)
    series = tuple(enumerate(_inverse_series(n), start=1))
    xi0 = xi - sum(h * math.sin(2 * i * xi) * math.cosh(2 * i * eta) for i, h in series)
    eta0 = eta - sum(h * math.cos(2 * i * xi) * math.sinh(2 * i * eta) for i, h in series)
    beta = math.asin(math.sin(xi0) / math.cosh(eta0))
    q0 = q = math.asinh(math.tan(beta))
    for _ in range(8):  # each step gains two digits and a half
        q = q0 + e * math.atanh(e * math.tanh(q))
    lng = math.asin(math.tanh(eta0) / math.cos(beta))
    return Point(math.degrees(math.atan(math.sinh(q))), grid.lng + math.degrees(lng))


def _origin(lat: float, e: float, n: float) -> float:
    """The meridian's arc from the equator to the origin, in units of B."""
    q = math.asinh(math.tan(lat)) - e * math.atanh(e * math.sin(lat))
    xi = math.atan(math.sinh(q))
    series = enumerate(_forward_series(n), start=1)
    return xi + sum(h * math.sin(2 * i * xi) for i, h in series)


def _forward_series(n: float) -> tuple[float, ...]:
    return (
        n / 2 - 2 / 3 * n**2 + 5 / 16 * n**3 + 41 / 180 * n**4,
        13 / 48 * n**2 - 3 / 5 * n**3 + 557 / 1440 * n**4,
        61 / 240 * n**3 - 103 / 140 * n**4,
        49_561 / 161_280 * n**4,
    )


def _inverse_series(n: float) -> tuple[float, ...]:
    return (
        n / 2 - 2 / 3 * n**2 + 37 / 96 * n**3 - 1 / 360 * n**4,
        1 / 48 * n**2 + 1 / 15 * n**3 - 437 / 1440 * n**4,
        17 / 480 * n**3 - 37 / 840 * n**4,
        4397 / 161_280 * n**4,
    )


def shifted(at: Point, source: Ellipsoid, by: tuple[float, float, float], to: Ellipsoid) -> Point:
    """Through geocentric coordinates (Guidance Note 373-7-2, 4.1.1 and 4.3.2), on the ground."""
    lat, lng = math.radians(at.lat), math.radians(at.lng)
    radius = source.a / math.sqrt(1 - source.e2 * math.sin(lat) ** 2)
    x = radius * math.cos(lat) * math.cos(lng) + by[0]
    y = radius * math.cos(lat) * math.sin(lng) + by[1]
    z = radius * (1 - source.e2) * math.sin(lat) + by[2]
    across = math.hypot(x, y)
    lat = math.atan2(z, across * (1 - to.e2))
    for _ in range(5):  # the error shrinks by e², 150 times, each step
        radius = to.a / math.sqrt(1 - to.e2 * math.sin(lat) ** 2)
        lat = math.atan2(z + to.e2 * radius * math.sin(lat), across)
    return Point(math.degrees(lat), math.degrees(math.atan2(y, x)))
