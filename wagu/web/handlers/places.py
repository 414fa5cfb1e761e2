"""Known places: find them, add one."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from wagu.db.places import Page
from wagu.db.search import Places as Found
from wagu.domain.key import LARGEST_ID
from wagu.domain.matching import LONGEST_QUESTION
from wagu.domain.place import (
    Box,
    Place,
    PlaceId,
    box,
    place_address,
    place_category,
    place_name,
    place_point,
)
from wagu.domain.place import NewPlace as DomainPlace
from wagu.errors import Invalid
from wagu.web import keys
from wagu.web.models import Body, LatLng, Query, View
from wagu.web.route import Call

BoxText = Annotated[
    str,
    Field(
        max_length=200,
        description="south,west,north,east",
        json_schema_extra={"pattern": "^-?[0-9.]{1,20}(,-?[0-9.]{1,20}){3}$"},
    ),
]
After = Annotated[int | None, Field(ge=0, le=LARGEST_ID, description="`next` of the page before")]


class PlaceQuery(Query):
    q: Annotated[str, Field(max_length=LONGEST_QUESTION)] = ""
    limit: Annotated[int, Field(ge=1, le=100)] = 20
    after: After = None
    bbox: BoxText | None = None


class NewPlace(Body):
    name: str
    at: LatLng
    category: str | None = None
    address: str | None = None


class PlaceView(View):
    id: int
    name: str
    at: LatLng
    category: str | None
    address: str | None

    @classmethod
    def of(cls, place: Place) -> PlaceView:
        return cls(
            id=place.id,
            name=place.name,
            at=(place.at.lat, place.at.lng),
            category=place.category,
            address=place.address,
        )


class OnePlace(View):
    place: PlaceView


class Places(View):
    places: list[PlaceView]
    next: Annotated[int | None, Field(description="`after` of the next page")]


async def search(call: Call[PlaceQuery]) -> Places:
    """With a `q` the best first, otherwise the newest."""
    query = call.input
    inside = None if query.bbox is None else box_of(query.bbox)
    found: Page | Found
    if query.q.strip():
        found = await call[keys.SEARCH].places(
            query.q, box=inside, limit=query.limit, after=query.after or 0
        )
    else:
        after = None if query.after is None else PlaceId(query.after)
        found = await call[keys.PLACES].search(text="", box=inside, limit=query.limit, after=after)
    return Places(places=[PlaceView.of(place) for place in found.places], next=found.next)


async def create(call: Call[NewPlace]) -> OnePlace:
    _, member_id = call.member
    wanted = new_place(call.input)
    place = await call[keys.PLACES].create(
        name=wanted.name,
        at=wanted.at,
        category=wanted.category,
        address=wanted.address,
        created_by=member_id,
        now=call.now,
    )
    return OnePlace(place=PlaceView.of(place))


def new_place(given: NewPlace) -> DomainPlace:
    """Cleaned, or Invalid `place.bad_…`."""
    return DomainPlace(
        place_name(given.name),
        place_point(*given.at),
        place_category(given.category),
        place_address(given.address),
    )


def box_of(text: str) -> Box:
    try:
        south, west, north, east = (float(edge) for edge in text.split(","))
    except ValueError:
        raise Invalid("place.bad_box", "지도 범위가 올바르지 않아요.", field="bbox") from None
    return box(south, west, north, east)
