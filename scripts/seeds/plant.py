"""Puts invented rows into a database, table after table."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import ScalarSelect, func, select, update

from seeds import invent
from seeds.bulk import finish, is_empty, write
from seeds.invent import Size
from wagu.db.engine import Database
from wagu.db.schema import block, follow, member, menu, photo, place, place_gram, post

MEMBER = ["id", "username", "name", "password_hash", "admin", "created_at", "bio", "search"]
FOLLOW = ["follower_id", "followee_id", "created_at"]
BLOCK = ["blocker_id", "blocked_id", "created_at"]
PLACE = [
    "id",
    "name",
    "lat",
    "lng",
    "category",
    "address",
    "search",
    "x",
    "y",
    "created_by",
    "created_at",
]
GRAM = ["gram", "place_id"]
POST = [
    "id",
    "author_id",
    "place_id",
    "category",
    "rating",
    "visibility",
    "text",
    "text_origin",
    "eaten_on",
    "search",
    "created_at",
    "updated_at",
]
MENU = ["id", "post_id", "position", "name", "price", "text", "photo_id", "main"]
PHOTO = ["id", "owner_id", "digest", "width", "height", "used", "created_at"]
BATCH = 5_000

Told = Callable[[str, int], None]
"""What was written, and how many of it."""


class NotEmpty(Exception):
    """Somebody lives there already."""


async def plant(
    db: Database, size: Size, *, password_hash: str, digests: list[str], told: Told
) -> None:
    """One transaction. Raises NotEmpty."""
    async with db.write() as connection:
        if not await is_empty(connection):
            raise NotEmpty
        for table, columns, rows in (
            (member, MEMBER, invent.members(size, password_hash)),
            (follow, FOLLOW, invent.follows(size)),
            (block, BLOCK, invent.blocks(size)),
        ):
            told(f"{table.name}s", await write(connection, table, columns, rows))
        where, spots, grams = invent.places(size)
        told("places", await write(connection, place, PLACE, spots))
        told("grams", await write(connection, place_gram, GRAM, grams))
        for made in invent.meals(size, where, digests, BATCH):
            told("photos", await write(connection, photo, PHOTO, made.photos))
            told("posts", await write(connection, post, POST, made.posts))
            told("menus", await write(connection, menu, MENU, made.menus))
        if digests:
            await connection.execute(update(member).values(photo_id=_first_photo()))
        await finish(connection)


def _first_photo() -> ScalarSelect[str]:
    """A face for everybody who ever took a photo."""
    own = photo.c.owner_id == member.c.id
    return select(func.min(photo.c.id)).where(own).scalar_subquery()
