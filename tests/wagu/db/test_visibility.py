"""The rule of `wagu.domain.visibility`, asked of the database: every relation, every visibility."""

from __future__ import annotations

import itertools

import pytest
from sqlalchemy import select, update

from wagu.db.schema import member, post
from wagu.db.visibility import blocked_with, friends_of, visible_to
from wagu.domain.visibility import Relation, Visibility, may_see

pytestmark = pytest.mark.sql

BLOCKS = ("nobody", "viewer", "author", "both")


async def test_sql_says_what_the_rule_says(db, scene):
    """One viewer, and an author for each of the 32 relations to them, with three posts each."""
    viewer = await scene.member("viewer")
    expected = set()
    for number, case in enumerate(itertools.product((0, 1), (0, 1), BLOCKS, (0, 1))):
        follows, followed, blocks, left = case
        author = await scene.member(f"author{number}")
        if follows:
            await scene.follow(viewer, author)
        if followed:
            await scene.follow(author, viewer)
        if blocks in ("viewer", "both"):
            await scene.block(viewer, author)
        if blocks in ("author", "both"):
            await scene.block(author, viewer)
        if left:
            async with db.write() as connection:
                gone = update(member).where(member.c.id == author)
                await connection.execute(gone.values(deleted_at=5.0))
        relation = Relation(
            follows=bool(follows),
            followed=bool(followed),
            blocked=blocks != "nobody",
            author_left=bool(left),
        )
        for visibility in Visibility:
            found = await scene.post(author, visibility=visibility)
            if may_see(relation, visibility):
                expected.add(found)
    own = {await scene.post(viewer, visibility=visibility) for visibility in Visibility}
    assert {may_see(Relation(is_author=True), visibility) for visibility in Visibility} == {True}
    assert await seen(db, viewer) == expected | own


async def test_somebody_without_an_account_sees_what_is_public(db, scene):
    author, gone = await scene.member("author"), await scene.member("gone")
    public, _, _ = [await scene.post(author, visibility=which) for which in reversed(Visibility)]
    await scene.post(gone)
    async with db.write() as connection:
        await connection.execute(update(member).where(member.c.id == gone).values(deleted_at=5.0))
    assert await seen(db, None) == {public}
    assert may_see(Relation(), Visibility.PUBLIC)


async def test_friends_follow_each_other(db, scene):
    one, fan, idol, friend = [await scene.member(name * 3) for name in "abcd"]
    await scene.follow(fan, one)
    await scene.follow(one, idol)
    await scene.befriend(one, friend)
    async with db.read() as connection:
        assert set((await connection.execute(friends_of(one))).scalars()) == {friend}
        assert set((await connection.execute(friends_of(fan))).scalars()) == set()


async def test_a_block_works_both_ways(db, scene):
    one, blocker, blocked, other = [await scene.member(name * 3) for name in "abcd"]
    await scene.block(blocker, one)
    await scene.block(one, blocked)
    await scene.block(blocker, other)
    async with db.read() as connection:
        found = set((await connection.execute(blocked_with(one))).scalars())
    assert found == {blocker, blocked}


async def seen(db, viewer) -> set[int]:
    async with db.read() as connection:
        return set(
            (await connection.execute(select(post.c.id).where(visible_to(viewer)))).scalars()
        )
