"""Search as people type it: 초성, half a word, a misspelled one."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from wagu.domain.matching import LONGEST_QUESTION
from wagu.web import keys
from wagu.web.handlers.places import PlaceView
from wagu.web.handlers.posts import CardView
from wagu.web.models import Query, View
from wagu.web.route import Call

DEEPEST = 1_000


class SearchQuery(Query):
    q: Annotated[str, Field(min_length=1, max_length=LONGEST_QUESTION)]
    kind: Literal["places", "records"] = "places"
    limit: Annotated[int, Field(ge=1, le=50)] = 20
    after: Annotated[int, Field(ge=0, le=DEEPEST, description="`next` of the page before")] = 0


class Results(View):
    """Best first; the list of the kind that was asked for."""

    places: list[PlaceView] = Field(default=[])
    records: list[CardView] = Field(default=[], description="one's own posts")
    next: Annotated[int | None, Field(description="`after` of the next page")]


async def show(call: Call[SearchQuery]) -> Results:
    query = call.input
    if query.kind == "places":
        found = await call[keys.SEARCH].places(
            query.q, box=None, limit=query.limit, after=query.after
        )
        return Results(places=[PlaceView.of(place) for place in found.places], next=found.next)
    _, person = call.member
    records = await call[keys.SEARCH].records(person, query.q, limit=query.limit, after=query.after)
    cards = [CardView.of(card, person) for card in records.cards]
    return Results(records=cards, next=records.next)
