"""Lists of posts that somebody may see, newest first, by keyset."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Integer,
    Select,
    String,
    bindparam,
    func,
    select,
)

from wagu.db.cards import select_cards
from wagu.db.engine import Database
from wagu.db.keyset import NEWEST_FIRST, Mark, older
from wagu.db.schema import follow, menu, photo, post
from wagu.db.visibility import VIEWER, visible_to
from wagu.domain.person import MemberId
from wagu.domain.photo import PhotoId, Picture
from wagu.domain.place import PlaceId
from wagu.domain.post import Card, Category, PostId


class Scope(enum.StrEnum):
    MINE = "mine"
    FOLLOWING = "following"
    EVERYONE = "everyone"


class Of(enum.Enum):
    """Whose posts; all but EVERYONE are of a `subject`."""

    EVERYONE = enum.auto()
    AUTHOR = enum.auto()
    FOLLOWED = enum.auto()
    PLACE = enum.auto()


SCOPES = {Scope.MINE: Of.AUTHOR, Scope.FOLLOWING: Of.FOLLOWED, Scope.EVERYONE: Of.EVERYONE}
SUBJECT: BindParameter[int] = bindparam("subject", type_=BigInteger)


@dataclass(frozen=True, slots=True)
class Page:
    """`next` is where the following page begins, None at the end."""

    cards: list[Card]
    next: Mark | None


@dataclass(frozen=True, slots=True)
class Summary:
    """Of the posts about a place that the viewer may see; `rating` is the mean of their stars."""

    count: int
    rating: float | None


@dataclass(frozen=True, slots=True)
class Shot:
    picture: Picture
    post: PostId


class Feed:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def page(
        self,
        *,
        scope: Scope,
        viewer: MemberId | None,
        category: Category | None,
        after: Mark | None,
        limit: int,
    ) -> Page:
        """MINE and FOLLOWING of somebody without an account are empty."""
        return await self._page(SCOPES[scope], viewer, viewer, after, limit, category)

    async def by(
        self, author: MemberId, *, viewer: MemberId | None, after: Mark | None, limit: int
    ) -> Page:
        """What one person wrote, as far as the viewer may see it."""
        return await self._page(Of.AUTHOR, author, viewer, after, limit)

    async def at(
        self, place: PlaceId, *, viewer: MemberId | None, after: Mark | None, limit: int
    ) -> Page:
        """What was eaten at one place."""
        return await self._page(Of.PLACE, place, viewer, after, limit)

    async def summary(self, place: PlaceId, viewer: MemberId | None) -> Summary:
        query = select(func.count().label("posts"), func.avg(post.c.rating).label("rating"))
        query = query.where(post.c.place_id == place, visible_to(viewer))
        async with self._db.read() as connection:
            row = (await connection.execute(query)).one()
        return Summary(row.posts, None if row.rating is None else round(float(row.rating), 2))

    async def shots(self, place: PlaceId, viewer: MemberId | None, *, limit: int) -> list[Shot]:
        """Pictures of what was eaten there, from the newest posts."""
        eaten = post.join(menu, menu.c.post_id == post.c.id)
        shown = eaten.join(photo, photo.c.id == menu.c.photo_id)
        query = (
            select(photo.c.id, photo.c.width, photo.c.height, menu.c.post_id)
            .select_from(shown)
            .where(post.c.place_id == place, visible_to(viewer))
            .order_by(*NEWEST_FIRST, menu.c.main.desc(), menu.c.position)
            .limit(limit)
        )
        async with self._db.read() as connection:
            rows = (await connection.execute(query)).all()
        return [
            Shot(Picture(PhotoId(row.id), row.width, row.height), PostId(row.post_id))
            for row in rows
        ]

    async def _page(
        self,
        of: Of,
        subject: int | None,
        viewer: MemberId | None,
        after: Mark | None,
        limit: int,
        category: Category | None = None,
    ) -> Page:
        ids = _ids(of, known=viewer is not None, kind=category is not None, later=after is not None)
        parameters: dict[str, Any] = {"subject": subject, "viewer": viewer, "rows": limit + 1}
        if category is not None:
            parameters["category"] = category.value
        if after is not None:
            parameters |= {"after_at": after.created_at, "after_id": after.id}
        async with self._db.read() as connection:
            cards = await select_cards(connection, ids, parameters)
        page = cards[:limit]
        more = len(cards) > limit
        return Page(page, Mark(page[-1].created_at, page[-1].id) if more else None)


@cache
def _ids(of: Of, *, known: bool, kind: bool, later: bool) -> Select[tuple[int]]:
    """From an index that has all this asks for; the rows are read of one page only."""
    ids = select(post.c.id).where(visible_to(VIEWER if known else None))
    if of is Of.AUTHOR:
        ids = ids.where(post.c.author_id == SUBJECT)
    elif of is Of.PLACE:
        ids = ids.where(post.c.place_id == SUBJECT)
    elif of is Of.FOLLOWED:
        followed = select(follow.c.followee_id).where(follow.c.follower_id == SUBJECT)
        ids = ids.where(post.c.author_id.in_(followed))
    if kind:
        ids = ids.where(post.c.category == bindparam("category", type_=String))
    if later:
        ids = ids.where(older())
    return ids.order_by(*NEWEST_FIRST).limit(bindparam("rows", type_=Integer))
