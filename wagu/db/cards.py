"""Posts as lists show them. Two queries however long the list: the posts, then all their menus.

Both are built once: putting such a query together and looking for it among the compiled ones took
a third of a feed's time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Label, RowMapping, Select, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from wagu.db.keyset import NEWEST_FIRST
from wagu.db.places import place_of, prefixed_place
from wagu.db.schema import member, menu, photo, place, post
from wagu.domain.menu import Menu
from wagu.domain.person import MemberId
from wagu.domain.photo import PhotoId, Picture
from wagu.domain.post import EXCERPT, Author, Card, Category, PostId, TextOrigin
from wagu.domain.visibility import Visibility

Ids = Select[tuple[int]]
CHOSEN = bindparam("chosen", type_=BigInteger, expanding=True)


async def read_cards(connection: AsyncConnection, chosen: Sequence[int]) -> list[Card]:
    """Newest first, of posts whose ids are chosen by whoever knows who may see them."""
    return await _read(connection, _posts(None), {"chosen": chosen})


async def select_cards(
    connection: AsyncConnection, ids: Ids, parameters: Mapping[str, Any]
) -> list[Card]:
    """As `read_cards`, of what `ids` selects with these parameters. It is remembered for ever, so
    there must not be many of it."""
    return await _read(connection, _posts(ids), parameters)


async def _read(
    connection: AsyncConnection, query: Select[Any], parameters: Mapping[str, Any]
) -> list[Card]:
    rows = (await connection.execute(query, parameters)).mappings().all()
    menus = await menus_of_posts(connection, [row["id"] for row in rows])
    return [_card_of(row, menus[row["id"]]) for row in rows]


async def menus_of_posts(
    connection: AsyncConnection, posts: Sequence[int]
) -> dict[int, list[Menu]]:
    """In the order their authors gave them."""
    found: dict[int, list[Menu]] = defaultdict(list)
    if not posts:
        return found
    for row in await connection.execute(_menus(), {"chosen": posts}):
        picture = None
        if row.photo_id is not None:
            picture = Picture(PhotoId(row.photo_id), row.width, row.height)
        found[row.post_id].append(Menu(row.name, row.price, row.text, picture, row.main))
    return found


@cache
def _menus() -> Select[Any]:
    return (
        select(
            menu.c.post_id,
            menu.c.name,
            menu.c.price,
            menu.c.text,
            menu.c.main,
            menu.c.photo_id,
            photo.c.width,
            photo.c.height,
        )
        .select_from(menu.outerjoin(photo, photo.c.id == menu.c.photo_id))
        .where(menu.c.post_id.in_(CHOSEN))
        .order_by(menu.c.post_id, menu.c.position)
    )


def author_columns() -> list[Label[Any]]:
    return [
        member.c.name.label("author_name"),
        member.c.username.label("author_username"),
        member.c.photo_id.label("author_photo"),
    ]


def author_of(row: RowMapping) -> Author:
    return Author(
        id=MemberId(row["author_id"]),
        name=row["author_name"],
        username=row["author_username"],
        photo=row["author_photo"],
    )


@cache
def _posts(ids: Ids | None) -> Select[Any]:
    columns = (
        post.c.id,
        post.c.author_id,
        post.c.place_id,
        post.c.category,
        post.c.rating,
        post.c.visibility,
        func.substr(post.c.text, 1, EXCERPT).label("excerpt"),
        post.c.text_origin,
        post.c.eaten_on,
        post.c.created_at,
    )
    joined = post.join(member, member.c.id == post.c.author_id)
    return (
        select(*columns, *author_columns(), *prefixed_place())
        .select_from(joined.join(place, place.c.id == post.c.place_id))
        .where(post.c.id.in_(CHOSEN if ids is None else ids))
        .order_by(*NEWEST_FIRST)
    )


def _card_of(row: RowMapping, menus: Sequence[Menu]) -> Card:
    main = next(menu for menu in menus if menu.main)
    # The main menu's picture is the one on the cover.
    covers = sorted(menus, key=lambda menu: not menu.main)
    return Card(
        id=PostId(row["id"]),
        author=author_of(row),
        place=place_of(row, prefix="place_"),
        category=Category(row["category"]),
        rating=row["rating"],
        visibility=Visibility(row["visibility"]),
        excerpt=row["excerpt"],
        text_origin=TextOrigin(row["text_origin"]),
        eaten_on=row["eaten_on"],
        menu=main.name,
        price=main.price,
        pictures=tuple(menu.photo for menu in covers if menu.photo is not None),
        created_at=row["created_at"],
    )
