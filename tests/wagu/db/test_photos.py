"""The rows of photos: who may see one, and when it goes."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from wagu.db.photos import SWEPT_AT_ONCE, PhotoRows, release, use
from wagu.db.schema import member
from wagu.domain.menu import NewMenu, menus_of
from wagu.domain.photo import UNUSED_MAX, PhotoId
from wagu.domain.visibility import Visibility
from wagu.errors import Conflict, NotFound

pytestmark = pytest.mark.sql


@pytest.fixture
def rows(db) -> PhotoRows:
    return PhotoRows(db)


def shows(*photos):
    eaten = [NewMenu(f"menu {at}", None, "", one, False) for at, one in enumerate(photos)]
    return {"menus": menus_of(eaten)}


async def who_sees(rows, photo, *viewers) -> list[bool]:
    seen = []
    for viewer in viewers:
        try:
            await rows.seen(photo, viewer)
            seen.append(True)
        except NotFound:
            seen.append(False)
    return seen


async def test_until_it_is_used_its_owner_alone_sees_it(rows, scene):
    owner, other = await scene.member("owner"), await scene.member("other")
    photo = await scene.photo(owner)
    assert await who_sees(rows, photo, owner, other, None) == [True, False, False]
    seen = await rows.seen(photo, owner)
    assert (seen.photo.id, seen.photo.owner, seen.photo.used) == (photo, owner, False)
    assert not seen.everyone
    assert await who_sees(rows, PhotoId("x" * 22), owner, None) == [False, False]


async def test_then_those_who_see_a_post_that_shows_it(rows, scene):
    owner, friend, other = [await scene.member(name) for name in ("owner", "friend", "other")]
    await scene.befriend(owner, friend)
    viewers = (owner, friend, other, None)
    expected = {
        Visibility.PRIVATE: [True, False, False, False],
        Visibility.FRIENDS: [True, True, False, False],
        Visibility.PUBLIC: [True, True, True, True],
    }
    for visibility, sees in expected.items():
        photo = await scene.photo(owner)
        await scene.post(owner, visibility=visibility, **shows(photo))
        assert await who_sees(rows, photo, *viewers) == sees
        assert (await rows.seen(photo, owner)).everyone is (visibility is Visibility.PUBLIC)
    # In two posts: whoever may see one of them.
    photo = await scene.photo(owner)
    await scene.post(owner, visibility=Visibility.PRIVATE, **shows(photo))
    await scene.post(owner, visibility=Visibility.FRIENDS, **shows(photo))
    assert await who_sees(rows, photo, *viewers) == [True, True, False, False]


async def test_a_block_hides_photos_too(rows, scene):
    owner, other = await scene.member("owner"), await scene.member("other")
    photo = await scene.photo(owner)
    await scene.post(owner, **shows(photo))
    await scene.block(other, owner)
    assert await who_sees(rows, photo, owner, other, None) == [True, False, True]


async def test_a_face_is_for_everybody_until_its_account_is_closed(db, rows, scene):
    owner = await scene.member("owner")
    face = await scene.photo(owner)
    change = update(member).where(member.c.id == owner)
    async with db.write() as connection:
        await connection.execute(change.values(photo_id=face))
    assert (await rows.seen(face, None)).everyone
    async with db.write() as connection:
        await connection.execute(change.values(deleted_at=1.0))
    assert await who_sees(rows, face, None) == [False]


async def test_only_so_many_wait_to_be_used(db, rows, scene):
    owner, other = await scene.member("owner"), await scene.member("other")
    photos = [await scene.photo(owner) for _ in range(UNUSED_MAX)]
    with pytest.raises(Conflict, match=r"photo\.too_many_unused"):
        await scene.photo(owner)
    with pytest.raises(Conflict, match=r"photo\.too_many_unused"):
        await rows.check_room(owner)
    await scene.photo(other)
    async with db.write() as connection:
        await use(connection, owner, [photos[0]])
    await scene.photo(owner)


async def test_taking_one_back(rows, scene):
    owner, other = await scene.member("owner"), await scene.member("other")
    unused, used = await scene.photo(owner, "a"), await scene.photo(owner, "b")
    await scene.post(owner, **shows(used))
    for photo, who in ((unused, other), (PhotoId("x" * 22), owner)):
        with pytest.raises(NotFound, match=r"photo\.unknown"):
            await rows.forget_unused(photo, who)
    with pytest.raises(Conflict, match=r"photo\.used"):
        await rows.forget_unused(used, owner)
    assert await rows.forget_unused(unused, owner) == "a".ljust(64, "0")
    assert await who_sees(rows, unused, owner) == [False]


async def test_forgetting_spares_what_is_used(rows, scene):
    owner = await scene.member("owner")
    unused, used = await scene.photo(owner, "a"), await scene.photo(owner, "b")
    await scene.post(owner, **shows(used))
    assert await rows.forget([unused, used]) == {"a".ljust(64, "0")}
    assert await rows.forget([]) == set()
    assert await who_sees(rows, used, owner) == [True]


async def test_the_sweep_takes_what_is_old_and_unused(rows, scene):
    owner = await scene.member("owner")
    old, shown = await scene.photo(owner, "a", now=10.0), await scene.photo(owner, "b", now=10.0)
    young = await scene.photo(owner, "c", now=20.0)
    await scene.post(owner, **shows(shown))
    assert await rows.sweep(before=20.0) == {"a".ljust(64, "0")}
    assert await rows.sweep(before=20.0) == set()
    assert await who_sees(rows, old, owner) == [False]
    assert await who_sees(rows, young, owner) == [True]
    assert SWEPT_AT_ONCE > 0


async def test_digests_that_nobody_has(rows, scene):
    owner = await scene.member("owner")
    await scene.photo(owner, "a")
    a, b = "a".ljust(64, "0"), "b".ljust(64, "0")
    assert await rows.of_nobody([a, b]) == {b}
    assert await rows.of_nobody([]) == set()


async def test_using_and_releasing(db, scene):
    owner, other = await scene.member("owner"), await scene.member("other")
    mine, theirs = await scene.photo(owner), await scene.photo(other)
    async with db.write() as connection:
        assert await use(connection, owner, {mine})
        assert await use(connection, owner, set())
        assert not await use(connection, owner, {mine, theirs})
    async with db.write() as connection:
        assert await release(connection, [mine]) == [mine]
        assert await release(connection, []) == []


async def test_seeing_is_one_query(rows, scene, queries):
    owner = await scene.member("owner")
    photo = await scene.photo(owner)
    with queries() as sent:
        await rows.seen(photo, owner)
    assert len(sent) == 1
