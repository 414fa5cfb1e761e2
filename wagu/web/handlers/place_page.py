"""Everything of one place: what was eaten there, the pictures of it, and who is live there."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from wagu.domain.place import PlaceId, place_id
from wagu.web import keys
from wagu.web.handlers.feed import PER_PAGE, After, Cards, Limit, mark
from wagu.web.handlers.lives import LiveView, live_view
from wagu.web.handlers.photos import PictureView
from wagu.web.handlers.places import PlaceView
from wagu.web.handlers.posts import CardView
from wagu.web.models import Query, View
from wagu.web.route import Call

STRIP = 12


class PostsQuery(Query):
    after: After = None
    limit: Limit = PER_PAGE


class Shot(View):
    """A picture in the strip, and the post to open with it."""

    photo: PictureView
    post_id: int


class PlacePage(View):
    place: PlaceView
    count: Annotated[int, Field(description="posts about it that you may see")]
    rating: Annotated[float | None, Field(description="mean of their stars")]
    posts: list[CardView]
    next: Annotated[str | None, Field(description="`after` for /api/places/{id}/posts")]
    photos: Annotated[list[Shot], Field(description=f"of the newest posts, {STRIP} at most")]
    lives: Annotated[list[LiveView], Field(description="on and past, the newest of them")]
    next_lives: Annotated[str | None, Field(description="`after` for /api/places/{id}/lives")]


async def show(call: Call[None]) -> PlacePage:
    place = await call[keys.PLACES].get(place_id(call.path("id")))
    viewer, feed = call.viewer, call[keys.FEED]
    page = Cards.of(await feed.at(place.id, viewer=viewer, after=None, limit=PER_PAGE), viewer)
    summary = await feed.summary(place.id, viewer)
    lives = await call[keys.LIVES].at(place.id, viewer=viewer, after=None, limit=STRIP)
    shots = await feed.shots(place.id, viewer, limit=STRIP)
    return PlacePage(
        place=PlaceView.of(place),
        count=summary.count,
        rating=summary.rating,
        posts=page.posts,
        next=page.next,
        photos=[Shot(photo=PictureView.of(shot.picture), post_id=shot.post) for shot in shots],
        lives=[live_view(call, live) for live in lives.lives],
        next_lives=None if lives.next is None else str(lives.next),
    )


async def posts(call: Call[PostsQuery]) -> Cards:
    query = call.input
    place = await call[keys.PLACES].get(place_id(call.path("id")))
    page = await call[keys.FEED].at(
        PlaceId(place.id), viewer=call.viewer, after=mark(query.after), limit=query.limit
    )
    return Cards.of(page, call.viewer)
