"""Adding places and finding them."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.sql

PLACE = {"name": "을지면옥", "at": [37.5662, 126.9915], "category": "한식", "address": "서울 중구"}


@pytest.fixture
async def member(site):
    return await site.member("jimin")


async def add(member, **change):
    status, answer = await member.post("/api/places", PLACE | change)
    assert status == 201, answer
    return answer["place"]["id"]


async def names(visitor, **query):
    status, answer = await visitor.get("/api/places", params=query)
    assert status == 200, answer
    return [place["name"] for place in answer["places"]]


async def test_a_place_comes_back_as_it_was_added(site, member):
    status, answer = await member.post("/api/places", PLACE)
    assert status == 201
    assert answer["place"] == {"id": 1, **PLACE}
    found = await site.visitor().get("/api/places")
    assert found == (200, {"places": [answer["place"]], "next": None})


async def test_category_and_address_may_be_left_out_or_empty(member):
    bare = {"name": "면옥", "at": [1, 2]}
    for body in (bare, bare | {"category": None, "address": " "}):
        _, answer = await member.post("/api/places", body)
        assert (answer["place"]["category"], answer["place"]["address"]) == (None, None)


async def test_search_finds_parts_of_names_and_addresses_in_any_case(member):
    await add(member)
    await add(member, name="Ünal Kebap", address="Itaewon 1")
    await add(member, name="100% 커피_집")
    assert await names(member, q="면옥") == ["을지면옥"]
    assert await names(member, q="ÜNAL kebap") == ["Ünal Kebap"]
    assert await names(member, q="kebap itaewon") == ["Ünal Kebap"]
    assert await names(member, q="%") == ["100% 커피_집"]
    assert await names(member, q="_") == ["100% 커피_집"]
    assert await names(member, q="없는 곳") == []
    # Decomposed Hangul, as some phones type it, is the same text.
    assert await names(member, q="\u1106\u1167\u11ab옥") == ["을지면옥"]


async def test_pages_follow_each_other_newest_first(member):
    for number in range(5):
        await add(member, name=f"place {number}")
    seen, after = [], None
    while True:
        query = {"limit": 2} | ({} if after is None else {"after": after})
        _, answer = await member.get("/api/places", params=query)
        seen += [place["name"] for place in answer["places"]]
        after = answer["next"]
        if after is None:
            break
    assert seen == [f"place {number}" for number in (4, 3, 2, 1, 0)]


async def test_a_box_may_cross_the_antimeridian(member):
    await add(member, name="seoul")
    await add(member, name="fiji", at=[-18.0, 178.0])
    await add(member, name="samoa", at=[-13.8, -172.0])
    assert await names(member, bbox="37,126,38,127") == ["seoul"]
    assert await names(member, bbox="-20,170,-10,-170") == ["samoa", "fiji"]


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"name": ""}, "place.bad_name", "name"),
        ({"name": "가" * 61}, "place.bad_name", "name"),
        ({"at": [91, 0]}, "place.bad_coordinates", "at"),
        ({"at": [0, -180.5]}, "place.bad_coordinates", "at"),
        ({"at": [0]}, "request.invalid", "at"),
        ({"at": [False, 0]}, "request.invalid", "at"),
        ({"at": ["1", "2"]}, "request.invalid", "at"),
        ({"at": None}, "request.invalid", "at"),
        ({"category": "가" * 21}, "place.bad_category", "category"),
        ({"address": "a\nb"}, "place.bad_address", "address"),
    ],
)
async def test_a_place_that_cannot_be(member, change, code, field):
    status, answer = await member.post("/api/places", PLACE | change)
    assert status == 422
    assert (answer["error"]["code"], answer["error"]["field"]) == (code, field)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
async def test_numbers_that_are_none(member, number):
    body = f'{{"name": "x", "at": [{number}, 0]}}'
    headers = {"Content-Type": "application/json"}
    status, answer = await member.call("POST", "/api/places", data=body, headers=headers)
    assert status == 422
    assert answer["error"]["field"] == "at"


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "many"},
        {"after": "-1"},
        {"after": "9" * 30},
        {"bbox": "1,2,3"},
        {"bbox": "a,b,c,d"},
        {"bbox": "nan,0,1,1"},
        {"bbox": "2,0,1,1"},
        {"q": "x" * 101},
    ],
)
async def test_a_question_that_cannot_be(member, query):
    status, answer = await member.get("/api/places", params=query)
    assert status == 422
    assert answer["error"]["field"] == next(iter(query))
