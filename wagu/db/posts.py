"""The rows of posts with their menus. What a post may be is checked by `wagu.domain.post`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import RowMapping, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from wagu.db.cards import author_columns, author_of, menus_of_posts
from wagu.db.engine import Database
from wagu.db.photos import release, use
from wagu.db.places import find_place, learn_place, place_of, prefixed_place
from wagu.db.schema import member, menu, place, post
from wagu.db.visibility import visible_to
from wagu.domain.hangul import search_text
from wagu.domain.menu import Menu, NewMenu
from wagu.domain.person import MemberId
from wagu.domain.photo import PhotoId
from wagu.domain.place import NewPlace, Place, PlaceId
from wagu.domain.post import Category, NewPost, Post, PostId, TextOrigin, unknown_post
from wagu.domain.visibility import Visibility
from wagu.errors import Invalid

Where = PlaceId | NewPlace
"""An existing place, or one to add (unless somebody added it there before)."""


class PostRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def create(self, author: MemberId, wanted: NewPost, where: Where, now: float) -> PostId:
        """Invalid `place.unknown` or `photo.unknown`: there is no such place; a photo is not the
        author's."""
        async with self._db.write() as connection:
            at = await _place(connection, where, author, now)
            values = _values(wanted, at) | {"author_id": author, "created_at": now}
            statement = insert(post).values(**values, updated_at=now).returning(post.c.id)
            post_id = PostId((await connection.execute(statement)).scalar_one())
            await _write_menus(connection, author, post_id, wanted.menus)
        return post_id

    async def get(self, post_id: PostId, viewer: MemberId | None) -> Post:
        """NotFound `post.unknown`, also for one that the viewer may not see."""
        joined = post.join(member, member.c.id == post.c.author_id)
        query = (
            select(post, *author_columns(), *prefixed_place())
            .select_from(joined.join(place, place.c.id == post.c.place_id))
            .where(post.c.id == post_id, visible_to(viewer))
        )
        async with self._db.read() as connection:
            row = (await connection.execute(query)).mappings().first()
            if row is None:
                raise unknown_post()
            menus = await menus_of_posts(connection, [post_id])
        return _post_of(row, menus[post_id])

    async def update(
        self, author: MemberId, post_id: PostId, wanted: NewPost, where: Where, now: float
    ) -> list[PhotoId]:
        """The photos that nothing shows any more. NotFound `post.unknown` unless it is the
        author's; otherwise as `create`."""
        async with self._db.write() as connection:
            at = await _place(connection, where, author, now)
            change = update(post).where(post.c.id == post_id, post.c.author_id == author)
            values = _values(wanted, at) | {"updated_at": now}
            if (await connection.execute(change.values(values))).rowcount != 1:
                raise unknown_post()
            shown = await _photos(connection, post_id)
            await connection.execute(delete(menu).where(menu.c.post_id == post_id))
            await _write_menus(connection, author, post_id, wanted.menus)
            return await release(connection, shown)

    async def delete(self, post_id: PostId, author: MemberId | None) -> list[PhotoId]:
        """The photos that nothing shows any more. NotFound `post.unknown` when it is not there, or
        not the author's; without an `author`, whosever it is."""
        gone = delete(post).where(post.c.id == post_id)
        if author is not None:
            gone = gone.where(post.c.author_id == author)
        async with self._db.write() as connection:
            shown = await _photos(connection, post_id)
            if (await connection.execute(gone)).rowcount != 1:
                raise unknown_post()
            return await release(connection, shown)


async def _place(connection: AsyncConnection, where: Where, by: MemberId, now: float) -> Place:
    if isinstance(where, NewPlace):
        return await learn_place(connection, where, by=by, now=now)
    found = await find_place(connection, where)
    if found is None:
        raise Invalid("place.unknown", "없는 장소예요.", field="place_id")
    return found


def _values(wanted: NewPost, at: Place) -> dict[str, Any]:
    return {
        "place_id": at.id,
        "category": wanted.category.value,
        "rating": wanted.rating,
        "visibility": wanted.visibility.value,
        "text": wanted.text,
        "text_origin": wanted.text_origin.value,
        "eaten_on": wanted.eaten_on,
        "search": search_text((at.name, *(menu.name for menu in wanted.menus))),
    }


async def _write_menus(
    connection: AsyncConnection, author: MemberId, post_id: PostId, menus: tuple[NewMenu, ...]
) -> None:
    if not await use(connection, author, {one.photo for one in menus if one.photo is not None}):
        raise Invalid("photo.unknown", "없는 사진이에요.", field="menus")
    values = [
        {
            "post_id": post_id,
            "position": position,
            "name": one.name,
            "price": one.price,
            "text": one.text,
            "photo_id": one.photo,
            "main": one.main,
        }
        for position, one in enumerate(menus)
    ]
    await connection.execute(insert(menu), values)


async def _photos(connection: AsyncConnection, post_id: PostId) -> list[PhotoId]:
    query = select(menu.c.photo_id).where(menu.c.post_id == post_id, menu.c.photo_id.is_not(None))
    return [PhotoId(found) for found in (await connection.execute(query.distinct())).scalars()]


def _post_of(row: RowMapping, menus: list[Menu]) -> Post:
    return Post(
        id=PostId(row["id"]),
        author=author_of(row),
        place=place_of(row, prefix="place_"),
        category=Category(row["category"]),
        rating=row["rating"],
        visibility=Visibility(row["visibility"]),
        text=row["text"],
        text_origin=TextOrigin(row["text_origin"]),
        eaten_on=row["eaten_on"],
        menus=tuple(menus),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )
