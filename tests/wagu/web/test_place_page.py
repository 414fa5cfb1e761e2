"""A place with everything of it."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.sql

POST = {"place_id": 1, "category": "한식", "visibility": "public", "menus": [{"name": "냉면"}]}


@pytest.fixture
async def author(site):
    author = await site.known("author")
    status, _ = await author.post("/api/places", {"name": "면옥", "at": [37.5, 127.0]})
    assert status == 201
    return author


async def test_a_place_with_nothing_yet(site, author):
    status, answer = await site.visitor().get("/api/places/1")
    assert status == 200
    assert answer["place"]["name"] == "면옥"
    rest = {name: value for name, value in answer.items() if name != "place"}
    assert rest == {
        "count": 0,
        "rating": None,
        "posts": [],
        "next": None,
        "photos": [],
        "lives": [],
        "next_lives": None,
    }


async def test_what_was_eaten_there_and_who_is_live(site, author):
    for stars in (5, 4):
        site.clock.now += 1
        assert (await author.post("/api/posts", POST | {"rating": stars}))[0] == 201
    await author.post("/api/posts", POST | {"visibility": "private", "rating": 1})
    _, live = await author.post("/api/lives", {"title": "x", "place_id": 1})
    await author.post("/api/lives", {"title": "elsewhere"})
    _, answer = await site.visitor().get("/api/places/1")
    assert (answer["count"], answer["rating"]) == (2, 4.5)
    assert [card["rating"] for card in answer["posts"]] == [4, 5]
    assert [one["id"] for one in answer["lives"]] == [live["live"]["id"]]
    _, answer = await author.get("/api/places/1")
    assert (answer["count"], len(answer["posts"])) == (3, 3)
    await author.delete(f"/api/lives/{live['live']['id']}")
    assert (await author.get("/api/places/1"))[1]["lives"] == []


async def test_more_posts_by_page(site, author):
    made = []
    for _ in range(23):
        site.clock.now += 1
        made.append((await author.post("/api/posts", POST))[1]["post"]["id"])
    _, first = await author.get("/api/places/1")
    assert [card["id"] for card in first["posts"]] == made[:2:-1]
    _, more = await author.get("/api/places/1/posts", params={"after": first["next"]})
    assert [card["id"] for card in more["posts"]] == made[2::-1]
    assert more["next"] is None
    _, some = await author.get("/api/places/1/posts", params={"limit": 1})
    assert [card["id"] for card in some["posts"]] == made[:21:-1]


@pytest.mark.parametrize("number", ["0", "99", "x", "9" * 30, "%00", "%FF", "clusters.json"])
async def test_places_that_never_were(site, author, number):
    for path in (f"/api/places/{number}", f"/api/places/{number}/posts"):
        status, answer = await site.visitor().get(path)
        assert (status, answer["error"]["code"]) == (404, "place.unknown")


async def test_the_same_number_of_queries_however_much(site, author, queries):
    counts = []
    for _ in range(2):
        await author.post("/api/posts", POST)
        with queries() as sent:
            assert (await author.get("/api/places/1"))[0] == 200
        counts.append(len(sent))
    assert counts == [6, 6]
