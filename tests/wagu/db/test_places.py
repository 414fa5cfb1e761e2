"""The rows of places, with what the index and the map need of them."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select

from wagu.db.places import PlaceRows, add_place, learn_place
from wagu.db.schema import place, place_gram
from wagu.domain.matching import name_grams
from wagu.domain.mercator import pixel
from wagu.domain.person import MemberId
from wagu.domain.place import Box, NewPlace, PlaceId, Point
from wagu.errors import NotFound

pytestmark = pytest.mark.sql

SINDANG = NewPlace("신당동 떡볶이", Point(37.56, 127.0), "분식", "서울 중구")


@pytest.fixture
async def member(scene):
    return await scene.member("jimin")


async def test_its_pieces_and_its_pixel_are_kept_with_it(db, member):
    async with db.write() as connection:
        made = await add_place(connection, SINDANG, created_by=member, now=1.0)
    async with db.read() as connection:
        grams = await connection.execute(select(place_gram.c.gram, place_gram.c.place_id))
        assert {tuple(row) for row in grams} == {(gram, 1) for gram in name_grams(made.name)}
        row = (await connection.execute(select(place.c.x, place.c.y))).one()
    assert (row.x, row.y) == (pixel(made.at).x, pixel(made.at).y)
    async with db.write() as connection:
        await connection.execute(delete(place))
    async with db.read() as connection:
        assert (await connection.execute(select(place_gram))).first() is None


async def test_what_fails_leaves_no_pieces(db, member):
    async def fail() -> None:
        async with db.write() as connection:
            await add_place(connection, SINDANG, created_by=member, now=1.0)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with db.read() as connection:
        assert (await connection.execute(select(place_gram))).first() is None


async def test_one_name_at_one_spot_is_one_place(db, member):
    async with db.write() as connection:
        first = await learn_place(connection, SINDANG, by=member, now=1.0)
        for name, at in (
            ("신당동떡볶이", SINDANG.at),
            ("신당동 떡볶이", Point(37.5602, 127.0)),
        ):
            assert await learn_place(connection, NewPlace(name, at), by=member, now=2.0) == first
        for name, at in (("김밥", SINDANG.at), ("신당동 떡볶이", Point(37.57, 127.0))):
            other = await learn_place(connection, NewPlace(name, at), by=member, now=2.0)
            assert other.id != first.id
        edge = NewPlace("날짜선", Point(0.0, 179.9999))
        over = NewPlace("날짜선", Point(0.0, -179.9999))
        assert await learn_place(connection, edge, by=member, now=3.0) == await learn_place(
            connection, over, by=member, now=3.0
        )


async def test_the_newest_by_their_letters(db, scene, member):
    rows = PlaceRows(db)
    for name in ("a 100%", "b 100_", "c 1000"):
        await scene.place(name)
    for text, names in (("100%", ["a 100%"]), ("100_", ["b 100_"]), ("100", ["c 1000", "b 100_"])):
        page = await rows.search(text=text, box=None, limit=2, after=None)
        assert [one.name for one in page.places] == names
    page = await rows.search(text="100", box=Box(0, 0, 90, 179), limit=2, after=PlaceId(3))
    assert [one.name for one in page.places] == ["b 100_", "a 100%"]
    assert page.next is None


async def test_what_is_unknown(db):
    with pytest.raises(NotFound, match=r"place\.unknown"):
        await PlaceRows(db).get(PlaceId(2**53 - 1))


async def test_a_place_without_a_letter_has_no_pieces(db, member):
    async with db.write() as connection:
        await add_place(
            connection, NewPlace("!!!", Point(0, 0)), created_by=MemberId(member), now=1.0
        )
    async with db.read() as connection:
        assert (await connection.execute(select(place_gram))).first() is None
