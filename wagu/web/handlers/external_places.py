"""Places that nobody here knows yet, from whom the host has chosen to ask."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from wagu.domain.matching import LONGEST_QUESTION
from wagu.domain.place import Point, place_point
from wagu.domain.post import Category
from wagu.errors import Invalid
from wagu.places.provider import Found
from wagu.web import keys
from wagu.web.models import LatLng, Query, View
from wagu.web.route import Call


class ExternalQuery(Query):
    q: Annotated[str, Field(max_length=LONGEST_QUESTION)] = ""
    at: Annotated[
        str | None, Field(max_length=60, description="latitude,longitude to look around")
    ] = None


class ExternalPlaceView(View):
    """Without an id: it is nobody's place here until somebody adds it."""

    name: str
    at: LatLng
    category: Category | None
    address: str | None

    @classmethod
    def of(cls, place: Found) -> ExternalPlaceView:
        return cls(
            name=place.name,
            at=(place.at.lat, place.at.lng),
            category=place.category,
            address=place.address,
        )


class ExternalPlaces(View):
    places: list[ExternalPlaceView]
    provider: Annotated[str, Field(description="`own`: nobody outside was asked")]
    attribution: Annotated[str, Field(description="to be shown beside the places")]


async def search(call: Call[ExternalQuery]) -> ExternalPlaces:
    directory = call[keys.DIRECTORY]
    near = None if call.input.at is None else _point(call.input.at)
    found = await directory.search(call.input.q, near)
    return ExternalPlaces(
        places=[ExternalPlaceView.of(place) for place in found],
        provider=directory.provider.name,
        attribution=directory.provider.attribution,
    )


def _point(text: str) -> Point:
    try:
        lat, lng = (float(part) for part in text.split(","))
    except ValueError:
        raise Invalid("place.bad_coordinates", "지도 위의 위치가 아니에요.", field="at") from None
    return place_point(lat, lng)
