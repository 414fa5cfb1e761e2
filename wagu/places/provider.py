"""The seam of place search: text in, places out, whoever is asked.

What a provider says is cleaned by the rules of our own places; what cannot be one is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from wagu.domain.place import (
    LONGEST_ADDRESS,
    LONGEST_NAME,
    Point,
    place_address,
    place_name,
    place_point,
)
from wagu.domain.post import Category
from wagu.domain.text import visible
from wagu.errors import Invalid

FOUND_MAX = 15


@dataclass(frozen=True, slots=True)
class Found:
    """A place that somebody knows, and we may or may not."""

    name: str
    at: Point
    category: Category | None
    address: str | None


class Provider(Protocol):
    name: str
    attribution: str
    """What must be shown beside its places; may be empty."""

    as_you_type: bool
    """Whether it may be asked at each letter."""

    async def search(self, text: str, near: Point | None) -> list[Found]:
        """At most FOUND_MAX, best first; errors: see `errors`. `near` is a wish."""

    async def close(self) -> None: ...


def found(
    name: str, lat: float, lng: float, category: Category | None, address: str
) -> Iterable[Found]:
    """One, or none if this is no place to us."""
    line = " ".join(visible(address).split())
    short = " ".join(visible(name).split())[:LONGEST_NAME]
    try:
        yield Found(
            place_name(short),
            place_point(lat, lng),
            category,
            place_address(line[:LONGEST_ADDRESS]),
        )
    except Invalid:
        return
