"""A real database at the newest revision: SQLite in a temporary folder, or, in tests marked `sql`,
PostgreSQL too.

db       a Database
scene    makes what tests need in one line each: `await scene.member("jimin")`, `scene.post(…)`
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import insert

from wagu.db.engine import Database
from wagu.db.members import MemberRows
from wagu.db.photos import PhotoRows
from wagu.db.places import PlaceRows
from wagu.db.posts import PostRows
from wagu.db.schema import block, follow
from wagu.domain.menu import NewMenu, menus_of
from wagu.domain.person import MemberId
from wagu.domain.photo import PhotoId
from wagu.domain.place import NewPlace, PlaceId, Point
from wagu.domain.post import Category, NewPost, PostId, TextOrigin
from wagu.domain.visibility import Visibility

SINDANG = Point(37.56, 127.0)


@pytest.fixture
def db_url(database_url: str) -> str:
    return database_url


@pytest.fixture
async def db(db_url: str) -> AsyncIterator[Database]:
    one = Database(db_url)
    await one.start()
    yield one
    await one.close()


def new_post(*, menus: tuple[NewMenu, ...] | None = None, **change: Any) -> NewPost:
    values: dict[str, Any] = {
        "category": Category.SNACK,
        "rating": None,
        "visibility": Visibility.PUBLIC,
        "text": "",
        "text_origin": TextOrigin.OWN,
        "eaten_on": None,
        "menus": menus or menus_of([NewMenu("떡볶이", 5_000, "", None, False)]),
    }
    return NewPost(**(values | change))


@dataclass
class Scene:
    db: Database

    async def member(self, username: str) -> MemberId:
        rows = MemberRows(self.db)
        return (await rows.create(username=username, name=username, password_hash="x", now=1.0)).id

    async def follow(self, follower: MemberId, followee: MemberId) -> None:
        values = {"follower_id": follower, "followee_id": followee, "created_at": 1.0}
        async with self.db.write() as connection:
            await connection.execute(insert(follow).values(values))

    async def befriend(self, one: MemberId, other: MemberId) -> None:
        await self.follow(one, other)
        await self.follow(other, one)

    async def block(self, blocker: MemberId, blocked: MemberId) -> None:
        values = {"blocker_id": blocker, "blocked_id": blocked, "created_at": 1.0}
        async with self.db.write() as connection:
            await connection.execute(insert(block).values(values))

    async def place(
        self,
        name: str = "신당동 떡볶이",
        at: Point = SINDANG,
        *,
        by: int = 1,
        **more: Any,
    ) -> PlaceId:
        values = {"category": None, "address": None, "created_by": by, "now": 1.0, **more}
        return (await PlaceRows(self.db).create(name=name, at=at, **values)).id

    async def photo(self, owner: MemberId, digest: str = "d", now: float = 1.0) -> PhotoId:
        rows = PhotoRows(self.db)
        digest = digest.ljust(64, "0")
        return (await rows.create(owner=owner, digest=digest, width=40, height=30, now=now)).id

    async def post(
        self,
        author: MemberId,
        where: PlaceId | NewPlace | None = None,
        now: float = 1.0,
        **more: Any,
    ) -> PostId:
        there = where or NewPlace("신당동 떡볶이", SINDANG)
        return await PostRows(self.db).create(author, new_post(**more), there, now)


@pytest.fixture
def scene(db: Database) -> Scene:
    return Scene(db)


@pytest.fixture
def written() -> Any:
    """`written(text="…")`: a NewPost."""
    return new_post
