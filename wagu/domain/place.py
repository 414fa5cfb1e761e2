"""A place to eat: a name and a point, with a category and an address when somebody knows them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NewType

from wagu.domain.ballot import METRES_PER_DEGREE, SAME_SPOT
from wagu.domain.key import key_of
from wagu.domain.text import clean_line
from wagu.errors import Invalid, NotFound

PlaceId = NewType("PlaceId", int)

LONGEST_NAME = 60
LONGEST_CATEGORY = 20
LONGEST_ADDRESS = 200


@dataclass(frozen=True, slots=True)
class Point:
    """WGS84 degrees."""

    lat: float
    lng: float


@dataclass(frozen=True, slots=True)
class Box:
    """A viewport; `west > east` means that it crosses the antimeridian."""

    south: float
    west: float
    north: float
    east: float


@dataclass(frozen=True, slots=True)
class Place:
    id: PlaceId
    name: str
    at: Point
    category: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class NewPlace:
    """A place that nobody has named yet, as far as its finder knows; cleaned."""

    name: str
    at: Point
    category: str | None = None
    address: str | None = None


def place_id(raw: str) -> PlaceId:
    """NotFound `place.unknown` for what can be no id."""
    key = key_of(raw)
    if key is None:
        raise unknown_place()
    return PlaceId(key)


def unknown_place() -> NotFound:
    return NotFound("place.unknown", "없는 장소예요.")


def place_name(raw: str) -> str:
    name = clean_line(raw, LONGEST_NAME)
    if name is None:
        raise Invalid("place.bad_name", f"장소 이름은 1–{LONGEST_NAME}자예요.", field="name")
    return name


def place_point(lat: float, lng: float) -> Point:
    if not (_within(lat, 90) and _within(lng, 180)):
        raise Invalid("place.bad_coordinates", "지도 위의 위치가 아니에요.", field="at")
    return Point(lat, lng)


def place_category(raw: str | None) -> str | None:
    if raw is None or not raw.strip():
        return None
    category = clean_line(raw, LONGEST_CATEGORY)
    if category is None:
        raise Invalid(
            "place.bad_category", f"분류는 {LONGEST_CATEGORY}자까지예요.", field="category"
        )
    return category


def place_address(raw: str | None) -> str | None:
    if raw is None or not raw.strip():
        return None
    address = clean_line(raw, LONGEST_ADDRESS)
    if address is None:
        raise Invalid("place.bad_address", f"주소는 {LONGEST_ADDRESS}자까지예요.", field="address")
    return address


def box(south: float, west: float, north: float, east: float) -> Box:
    if not (
        _within(south, 90) and _within(north, 90) and _within(west, 180) and _within(east, 180)
    ):
        raise Invalid("place.bad_box", "지도 범위가 올바르지 않아요.", field="bbox")
    if south > north:
        raise Invalid("place.bad_box", "지도 범위가 올바르지 않아요.", field="bbox")
    return Box(south, west, north, east)


def around(at: Point) -> Box:
    """About the spot within which one name is one place; a pole has no neighbours to speak of."""
    north = SAME_SPOT / METRES_PER_DEGREE
    east = north / max(0.01, math.cos(math.radians(at.lat)))
    return Box(
        max(-90.0, at.lat - north),
        _wrapped(at.lng - east),
        min(90.0, at.lat + north),
        _wrapped(at.lng + east),
    )


def _wrapped(lng: float) -> float:
    return (lng + 180.0) % 360.0 - 180.0


def _within(degrees: float, limit: float) -> bool:
    return math.isfinite(degrees) and -limit <= degrees <= limit
