"""The rows of posts: written with their menus, their place and their photos, or not at all."""

from __future__ import annotations

import asyncio
import datetime

import pytest
from sqlalchemy import func, select

from wagu.db.places import PlaceRows
from wagu.db.posts import PostRows
from wagu.db.schema import menu, photo, place, post
from wagu.domain.menu import NewMenu, menus_of
from wagu.domain.photo import PhotoId
from wagu.domain.place import NewPlace, PlaceId, Point
from wagu.domain.post import Category, PostId, TextOrigin
from wagu.domain.visibility import Visibility
from wagu.errors import Invalid, NotFound

pytestmark = pytest.mark.sql


@pytest.fixture
def rows(db) -> PostRows:
    return PostRows(db)


@pytest.fixture
async def author(scene):
    return await scene.member("author")


def menus(*names: str, photos: tuple[PhotoId | None, ...] = ()) -> tuple[NewMenu, ...]:
    shown = (*photos, *[None] * len(names))
    return menus_of([NewMenu(name, None, "", shown[at], False) for at, name in enumerate(names)])


async def count(db, table) -> int:
    async with db.read() as connection:
        return (await connection.execute(select(func.count()).select_from(table))).scalar_one()


async def used(db) -> set[str]:
    async with db.read() as connection:
        return set((await connection.execute(select(photo.c.id).where(photo.c.used))).scalars())


async def test_a_post_comes_back_as_it_was_written(rows, scene, author, written):
    where = await scene.place()
    shown = await scene.photo(author)
    eaten = menus_of(
        [NewMenu("튀김", 3_000, "바삭", None, False), NewMenu("떡볶이", None, "", shown, True)]
    )
    wanted = written(
        category=Category.KOREAN,
        rating=4,
        visibility=Visibility.FRIENDS,
        text="맛있다\n또 가자",
        text_origin=TextOrigin.AI_EDITED,
        eaten_on=datetime.date(2026, 11, 21),
        menus=eaten,
    )
    found = await rows.get(await rows.create(author, wanted, where, 10.5), author)
    assert (found.author.id, found.author.username, found.author.photo) == (author, "author", None)
    assert (found.place.id, found.place.name) == (where, "신당동 떡볶이")
    assert (found.category, found.rating, found.visibility) == ("한식", 4, "friends")
    assert (found.text, found.text_origin) == ("맛있다\n또 가자", "ai_edited")
    assert found.eaten_on == datetime.date(2026, 11, 21)
    assert (found.created_at, found.updated_at) == (10.5, 10.5)
    assert [(one.name, one.price, one.text, one.main) for one in found.menus] == [
        ("튀김", 3_000, "바삭", False),
        ("떡볶이", None, "", True),
    ]
    picture = found.menus[1].photo
    assert picture is not None
    assert (picture.id, picture.width, picture.height) == (shown, 40, 30)


async def test_one_may_eat_at_a_place_often(rows, scene, author, written):
    where = await scene.place()
    ids = {await rows.create(author, written(), where, 1.0) for _ in range(3)}
    assert len(ids) == 3


async def test_a_new_place_comes_with_its_post(db, rows, author, written):
    there = NewPlace("면옥", Point(37.5, 127.0), "한식", "서울 중구")
    first = await rows.get(await rows.create(author, written(), there, 1.0), author)
    assert (first.place.name, first.place.address) == ("면옥", "서울 중구")
    # The same name a few steps away is the same place; far away it is another.
    near = NewPlace("면 옥", Point(37.5001, 127.0))
    far = NewPlace("면옥", Point(37.6, 127.0))
    second = await rows.get(await rows.create(author, written(), near, 1.0), author)
    third = await rows.get(await rows.create(author, written(), far, 1.0), author)
    assert second.place == first.place
    assert third.place.id != first.place.id
    assert await count(db, place) == 2


async def test_what_fails_leaves_nothing(db, rows, scene, author, written):
    stranger = await scene.member("stranger")
    theirs = await scene.photo(stranger)
    there = NewPlace("면옥", Point(37.5, 127.0))
    for bad in (theirs, PhotoId("x" * 22)):
        with pytest.raises(Invalid, match=r"photo\.unknown"):
            await rows.create(author, written(menus=menus("a", photos=(bad,))), there, 1.0)
    with pytest.raises(Invalid, match=r"place\.unknown"):
        await rows.create(author, written(), PlaceId(99), 1.0)
    assert (await count(db, place), await count(db, post), await count(db, menu)) == (0, 0, 0)
    assert await used(db) == set()


async def test_a_post_that_one_may_not_see_is_unknown(rows, scene, author, written):
    stranger = await scene.member("stranger")
    secret = await rows.create(
        author, written(visibility=Visibility.PRIVATE), await scene.place(), 1
    )
    assert (await rows.get(secret, author)).id == secret
    for viewer in (stranger, None):
        with pytest.raises(NotFound, match=r"post\.unknown"):
            await rows.get(secret, viewer)
    with pytest.raises(NotFound):
        await rows.get(PostId(2**53), author)


async def test_a_change(db, rows, scene, author, written):
    kept, dropped, fresh = [await scene.photo(author) for _ in range(3)]
    first, second = await scene.place(), await scene.place("면옥")
    before = written(menus=menus("a", "b", photos=(kept, dropped)))
    changed = await rows.create(author, before, first, 1.0)
    assert await used(db) == {kept, dropped}
    after = written(rating=5, menus=menus("c", "a", photos=(fresh, kept)))
    assert await rows.update(author, changed, after, second, 9.0) == [dropped]
    found = await rows.get(changed, author)
    assert (found.rating, found.place.id) == (5, second)
    assert (found.created_at, found.updated_at) == (1.0, 9.0)
    assert [one.name for one in found.menus] == ["c", "a"]
    assert await used(db) == {kept, fresh}


async def test_only_its_author_changes_or_deletes_it(rows, scene, author, written):
    stranger = await scene.member("stranger")
    where = await scene.place()
    theirs = await rows.create(author, written(), where, 1.0)
    with pytest.raises(NotFound):
        await rows.update(stranger, theirs, written(rating=1), where, 2.0)
    with pytest.raises(NotFound):
        await rows.delete(theirs, stranger)
    assert (await rows.get(theirs, author)).rating is None
    await rows.delete(theirs, None)
    with pytest.raises(NotFound):
        await rows.delete(theirs, None)


async def test_photos_go_with_the_last_post_that_shows_them(db, rows, scene, author, written):
    once, twice = await scene.photo(author), await scene.photo(author)
    where = await scene.place()
    first = await rows.create(
        author, written(menus=menus("a", "b", photos=(once, twice))), where, 1
    )
    second = await rows.create(author, written(menus=menus("a", photos=(twice,))), where, 1)
    assert await rows.delete(first, author) == [once]
    assert await used(db) == {twice}
    assert await rows.delete(second, author) == [twice]
    assert await count(db, menu) == 0


async def test_a_face_is_not_released(db, rows, scene, author, written):
    face = await scene.photo(author)
    async with db.write() as connection:
        await connection.exec_driver_sql(f"UPDATE member SET photo_id = '{face}'")
    gone = await rows.create(
        author, written(menus=menus("a", photos=(face,))), await scene.place(), 1
    )
    assert (await rows.get(gone, author)).author.photo == face
    assert await rows.delete(gone, author) == []


async def test_a_photo_is_not_lost_between_two_who_change(db, rows, scene, author, written):
    """One post lets go of a photo while another takes it: whoever is first, it is used after."""
    where = await scene.place()
    for _ in range(5):
        shown = await scene.photo(author)
        old = await rows.create(author, written(menus=menus("a", photos=(shown,))), where, 1.0)
        await asyncio.gather(
            rows.delete(old, author),
            rows.create(author, written(menus=menus("b", photos=(shown,))), where, 1.0),
        )
        assert shown in await used(db)


async def test_a_post_and_its_menus_are_two_queries(rows, scene, author, written, queries):
    found = await rows.create(author, written(menus=menus(*"abcdefghij")), await scene.place(), 1)
    with queries() as sent:
        await rows.get(found, author)
    assert len(sent) == 2


async def test_a_place_may_be_one_with_a_name_of_signs(db, rows, author, written):
    found = await rows.create(author, written(), NewPlace("!!!", Point(1.0, 2.0)), 1.0)
    assert (await rows.get(found, author)).place.name == "!!!"
    assert (await PlaceRows(db).get(PlaceId(1))).name == "!!!"
