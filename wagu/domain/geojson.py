"""Places in what other programs save: GeoJSON (RFC 7946), as Google Takeout writes saved places
since 2023 and, with other names, wrote them before."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from wagu.domain.place import NewPlace, place_address, place_category, place_name, place_point
from wagu.errors import Invalid

FEATURES_MAX = 5_000
FARTHEST = 1_000  # degrees; the rules of places are narrower

_NAMES = (
    ("name",),
    ("Title",),
    ("title",),
    ("location", "name"),
    ("Location", "Business Name"),
)
_ADDRESSES = (("address",), ("location", "address"), ("Location", "Address"))
_TWO = 2


@dataclass(frozen=True, slots=True)
class Parsed:
    """`skipped` had no name, no point, or neither that can be used."""

    places: tuple[NewPlace, ...]
    skipped: int


def parse(content: bytes) -> Parsed:
    """Invalid `import.not_geojson`, `import.too_many`."""
    try:
        tree = json.loads(content)
    except (ValueError, RecursionError):
        raise _not_geojson() from None
    features = _features(tree)
    if len(features) > FEATURES_MAX:
        raise Invalid("import.too_many", f"한 번에 {FEATURES_MAX}곳까지 가져올 수 있어요.")
    found = [_place(one) for one in features]
    places = tuple(dict.fromkeys(one for one in found if one is not None))
    return Parsed(places, sum(one is None for one in found))


def feature(place: NewPlace) -> dict[str, Any]:
    """What `parse` reads back."""
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [place.at.lng, place.at.lat]},
        "properties": {"name": place.name, "category": place.category, "address": place.address},
    }


def collection(places: Iterable[NewPlace]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": [feature(one) for one in places]}


def _features(tree: Any) -> list[Any]:
    kind = tree.get("type") if isinstance(tree, dict) else None
    if kind == "Feature":
        return [tree]
    features = tree.get("features") if kind == "FeatureCollection" else None
    if not isinstance(features, list):
        raise _not_geojson()
    return features


def _place(given: Any) -> NewPlace | None:
    properties = _at(given, ("properties",))
    point = _point(_at(given, ("geometry",)))
    name = next(_texts(properties, _NAMES), None)
    if point is None or name is None:
        return None
    address = next(_texts(properties, _ADDRESSES), None)
    category = next(_texts(properties, (("category",),)), None)
    try:
        at = place_point(*point)
        return NewPlace(
            place_name(name),
            at,
            _or_none(place_category, category),
            _or_none(place_address, address),
        )
    except Invalid:
        return None


def _or_none(check: Any, text: str | None) -> str | None:
    """What is wrong with an address is no reason to lose a place."""
    try:
        found: str | None = check(text)
    except Invalid:
        return None
    return found


def _point(geometry: Any) -> tuple[float, float] | None:
    """Latitude, longitude. Takeout writes 0,0 for what it does not know."""
    numbers = _at(geometry, ("coordinates",))
    if _at(geometry, ("type",)) != "Point" or not isinstance(numbers, list) or len(numbers) < _TWO:
        return None
    lng, lat = numbers[:_TWO]
    if any(isinstance(one, bool) or not isinstance(one, int | float) for one in (lat, lng)):
        return None
    if lat == lng == 0 or max(abs(lat), abs(lng)) > FARTHEST:  # JSON has integers of any size
        return None
    return (lat, lng)


def _texts(tree: Any, paths: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for path in paths:
        found = _at(tree, path)
        if isinstance(found, str) and found.strip():
            yield found


def _at(tree: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        tree = tree.get(name) if isinstance(tree, dict) else None
    return tree


def _not_geojson() -> Invalid:
    return Invalid("import.not_geojson", "GeoJSON 파일이 아니에요.")
