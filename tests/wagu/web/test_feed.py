"""The feed over HTTP; its order and its rules are tested in `tests/wagu/db/test_feed.py`."""

from __future__ import annotations

import pytest

POST = {
    "place": {"name": "면옥", "at": [37.5, 127.0]},
    "category": "한식",
    "visibility": "public",
    "text": "가" * 200,
    "menus": [{"name": "냉면", "price": 12000}],
}


@pytest.fixture
async def author(site):
    return await site.known("author")


async def write(who, **change) -> int:
    status, answer = await who.post("/api/posts", POST | change)
    assert status == 201, answer
    return answer["post"]["id"]


@pytest.mark.sql
async def test_a_card(site, author):
    made = await write(author, rating=5, eaten_on="2026-11-01")
    status, answer = await site.visitor().get("/api/feed")
    assert status == 200
    assert answer == {
        "posts": [
            {
                "id": made,
                "author": {"id": "m_1", "name": "author", "username": "author", "photo": None},
                "mine": False,
                "place": {"id": 1, **POST["place"], "category": "한식", "address": None},
                "category": "한식",
                "rating": 5,
                "visibility": "public",
                "excerpt": "가" * 140,
                "text_origin": "own",
                "eaten_on": "2026-11-01",
                "menu": "냉면",
                "price": 12000,
                "photos": [],
                "created_at": site.clock.now * 1000,
            }
        ],
        "next": None,
    }


@pytest.mark.sql
async def test_pages(site, author):
    made = []
    for _ in range(5):
        made.append(await write(author))
        site.clock.now += 0.001
    found, after = [], None
    while True:
        query = {"limit": 2} | ({} if after is None else {"after": after})
        _, answer = await site.visitor().get("/api/feed", params=query)
        found += [card["id"] for card in answer["posts"]]
        after = answer["next"]
        if after is None:
            break
    assert found == made[::-1]


@pytest.mark.sql
async def test_mine_by_category(author):
    made = await write(author, category="카페", visibility="private")
    await write(author)
    query = {"scope": "mine", "category": "카페"}
    _, answer = await author.get("/api/feed", params=query)
    assert [(card["id"], card["mine"]) for card in answer["posts"]] == [(made, True)]


@pytest.mark.parametrize("scope", ["mine", "following"])
async def test_without_an_account_there_is_no_such_thing(site, scope):
    status, answer = await site.visitor().get("/api/feed", params={"scope": scope})
    assert (status, answer["error"]["code"]) == (401, "auth.required")
    status, answer = await (await site.guest()).get("/api/feed", params={"scope": scope})
    assert (status, answer["error"]["code"]) == (403, "auth.account_required")


@pytest.mark.parametrize(
    "query",
    [
        {"scope": "all"},
        {"scope": ""},
        {"category": "pizza"},
        {"limit": "0"},
        {"limit": "51"},
        {"limit": "x"},
        {"after": "x"},
        {"after": ""},
        {"after": "1"},
        {"after": "nan-1"},
        {"after": "\x00-1"},
        {"after": "1-" + "9" * 38},
    ],
)
async def test_a_question_that_cannot_be(site, query):
    status, answer = await site.visitor().get("/api/feed", params=query)
    assert (status, answer["error"]["field"]) == (422, next(iter(query)))


@pytest.mark.sql
async def test_the_same_number_of_queries_however_long(site, author, queries):
    for number in range(6):
        await write(author, place={"name": f"place {number}", "at": [number, number]})
    for limit in (1, 6):
        with queries() as sent:
            _, answer = await author.get("/api/feed", params={"limit": limit})
        assert len(answer["posts"]) == limit
        assert len(sent) == 2
