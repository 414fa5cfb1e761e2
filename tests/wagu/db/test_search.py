"""Search as people type it, in the database."""

from __future__ import annotations

import pytest

from wagu.db.search import Search
from wagu.domain.menu import NewMenu, menus_of
from wagu.domain.place import Box, NewPlace, Point
from wagu.domain.post import Category

pytestmark = pytest.mark.sql

NAMES = (
    "신당동 떡볶이",
    "엽기떡볶이 신당점",
    "을지면옥",
    "스타벅스 을지로점",
    "Ünal Kebap",
    "100% 커피_집",
)


@pytest.fixture
def search(db) -> Search:
    return Search(db)


@pytest.fixture
async def member(scene):
    return await scene.member("jimin")


@pytest.fixture
async def places(scene, member):
    for number, name in enumerate(NAMES):
        await scene.place(name, Point(37.5 + number / 100, 127.0), address="서울 중구 을지로 1")


async def names(search, text, *, limit=20, after=0, box=None) -> list[str]:
    found = await search.places(text, box=box, limit=limit, after=after)
    return [one.name for one in found.places]


@pytest.mark.usefixtures("places")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("떡볶이", ["신당동 떡볶이", "엽기떡볶이 신당점"]),
        ("떡뽁이", ["신당동 떡볶이", "엽기떡볶이 신당점"]),
        ("ㄸㅂㅇ", ["신당동 떡볶이", "엽기떡볶이 신당점"]),
        ("ㅅㄷㄷㄸㅂㅇ", ["신당동 떡볶이"]),
        ("신당동떡", ["신당동 떡볶이", "엽기떡볶이 신당점"]),
        ("떡볶이 신당점", ["엽기떡볶이 신당점", "신당동 떡볶이"]),
        ("스벅", []),
        ("스타박스", ["스타벅스 을지로점"]),
        ("ㅅㅌㅂㅅ", ["스타벅스 을지로점"]),
        ("unal", ["Ünal Kebap"]),
        ("ÜNAL kebap", ["Ünal Kebap"]),
        ("면옥", ["을지면옥"]),
        ("\u1106\u1167\u11ab옥", ["을지면옥"]),
        ("%", ["100% 커피_집"]),
        ("_", ["100% 커피_집"]),
        ("100%", ["100% 커피_집"]),
        ("김밥천국", []),
        ("🍜", []),
        ("옥", ["을지면옥"]),
    ],
)
async def test_places(search, text, expected):
    assert await names(search, text) == expected


@pytest.mark.usefixtures("places")
async def test_an_address_comes_after_names(search):
    found = await names(search, "을지로")
    assert found[0] == "스타벅스 을지로점"
    assert set(found) == set(NAMES)


@pytest.mark.usefixtures("places")
async def test_in_a_box(search):
    box = Box(37.505, 126.0, 37.6, 128.0)
    assert await names(search, "떡볶이", box=box) == ["엽기떡볶이 신당점"]
    assert "신당동 떡볶이" not in await names(search, "을지로", box=box)


async def test_pages_of_places_follow_each_other(search, scene, member):
    for number in range(7):
        await scene.place(f"김밥천국 {number}호점", Point(number, number))
    whole = await names(search, "김밥")
    assert len(whole) == 7
    for limit in (1, 2, 3):
        found, after = [], 0
        while after is not None:
            page = await search.places("김밥", box=None, limit=limit, after=after)
            found += [one.name for one in page.places]
            after = page.next
        assert found == whole


@pytest.mark.usefixtures("places")
async def test_places_take_at_most_two_queries(search, queries):
    for text in ("떡볶이", "을지로", "없는곳"):
        with queries() as sent:
            await names(search, text)
        assert len(sent) <= 2


@pytest.mark.usefixtures("places")
async def test_a_name_that_is_indexed_needs_no_second_query(search, queries):
    with queries() as sent:
        assert await names(search, "떡볶이", limit=1) == ["신당동 떡볶이"]
    assert len(sent) == 1


@pytest.fixture
async def records(scene, member):
    other = await scene.member("other")

    async def eat(place: str, *menus: str, who=member, **more) -> int:
        eaten = menus_of([NewMenu(name, None, "", None, False) for name in menus])
        where = NewPlace(place, Point(37.5, 127.0))
        return await scene.post(who, where, menus=eaten, **more)

    return {
        "tteok": await eat("신당동 떡볶이", "떡볶이", "튀김", now=1.0, text="정말 맵다"),
        "noodles": await eat("을지면옥", "냉면", now=2.0, category=Category.KOREAN),
        "cafe": await eat("스타벅스", "아메리카노", now=3.0, text="떡볶이 먹고 Coffee 100%"),
        "theirs": await eat("신당동 떡볶이", "떡볶이", who=other, now=4.0),
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("떡볶이", ["tteok", "cafe"]),
        ("떡뽁이", ["tteok"]),
        ("ㄸㅂㅇ", ["tteok"]),
        ("튀김", ["tteok"]),
        ("ㅌㄱ", ["tteok"]),
        ("냉면", ["noodles"]),
        ("내", ["noodles"]),
        ("한식", ["noodles"]),
        ("을지 냉면", ["noodles"]),
        ("맵다", ["tteok"]),
        ("COFFEE", ["cafe"]),
        ("100", ["cafe"]),
        ("떡볶이 냉면", []),
        ("_", []),
        ("없는말", []),
    ],
)
async def test_records_of_ones_own(search, member, records, text, expected):
    found = await search.records(member, text, limit=9, after=0)
    assert [card.id for card in found.cards] == [records[name] for name in expected]
    assert found.next is None


async def test_pages_of_records_follow_each_other(search, scene, member):
    made = [await scene.post(member, now=float(number)) for number in range(5)]
    found, after = [], 0
    while after is not None:
        page = await search.records(member, "떡볶이", limit=2, after=after)
        found += [card.id for card in page.cards]
        after = page.next
    assert found == made[::-1]


async def test_records_take_three_queries_however_many(search, scene, member, queries):
    for _ in range(5):
        await scene.post(member)
    with queries() as sent:
        await search.records(member, "떡볶이", limit=9, after=0)
    assert len(sent) == 3


async def test_a_long_question(search, scene, member):
    await scene.post(member)
    text = "가나다라마바사아자차" * 10
    assert await names(search, text) == []
    assert (await search.records(member, text, limit=9, after=0)).cards == []
