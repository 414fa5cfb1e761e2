"""Writing, reading, changing and deleting posts over HTTP."""

from __future__ import annotations

import pytest

PLACE = {"name": "신당동 떡볶이", "at": [37.56, 127.0]}
POST = {
    "place": PLACE,
    "category": "분식",
    "visibility": "public",
    "menus": [{"name": "떡볶이", "price": 5000}],
}
KEYS = {
    *("id", "author", "mine", "place", "category", "rating", "visibility", "text", "text_origin"),
    *("eaten_on", "menus", "created_at", "updated_at"),
}


@pytest.fixture
async def author(site):
    return await site.known("author")


async def write(who, **change):
    status, answer = await who.post("/api/posts", POST | change)
    assert status == 201, answer
    return answer["post"]


def without(body, *names):
    return {name: value for name, value in body.items() if name not in names}


@pytest.mark.sql
async def test_a_post_comes_back_as_it_was_written(site, author):
    full = {
        "rating": 4,
        "text": "맛있다",
        "text_origin": "ai_edited",
        "eaten_on": "2026-11-17",
        "menus": [{"name": "튀김", "text": "바삭"}, {"name": "떡볶이", "price": 0, "main": True}],
    }
    made = await write(author, **full)
    assert made.keys() == KEYS
    assert made["mine"] is True
    assert made["author"] == {"id": "m_1", "name": "author", "username": "author", "photo": None}
    assert made["place"] == {"id": 1, **PLACE, "category": "분식", "address": None}
    assert {name: made[name] for name in without(full, "menus")} == without(full, "menus")
    assert made["menus"] == [
        {"name": "튀김", "price": None, "text": "바삭", "photo": None, "main": False},
        {"name": "떡볶이", "price": 0, "text": "", "photo": None, "main": True},
    ]
    assert made["created_at"] == made["updated_at"] == site.clock.now * 1000
    status, answer = await site.visitor().get(f"/api/posts/{made['id']}")
    assert (status, answer["post"]) == (200, made | {"mine": False})


@pytest.mark.sql
async def test_at_a_place_that_is_known(author):
    _, place = await author.post("/api/places", PLACE)
    made = await write(author, place=None, place_id=place["place"]["id"])
    assert made["place"] == place["place"]


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"place": None}, "post.one_place", "place_id"),
        ({"place_id": 1}, "post.one_place", "place_id"),
        ({"place": None, "place_id": 99}, "place.unknown", "place_id"),
        ({"place": None, "place_id": 0}, "request.invalid", "place_id"),
        ({"place": None, "place_id": 2**60}, "request.invalid", "place_id"),
        ({"place": PLACE | {"name": ""}}, "place.bad_name", "name"),
        ({"place": PLACE | {"at": [91, 0]}}, "place.bad_coordinates", "at"),
        ({"place": PLACE | {"x": 1}}, "request.invalid", "place"),
        ({"category": "없음"}, "request.invalid", "category"),
        ({"category": None}, "request.invalid", "category"),
        ({"visibility": "everyone"}, "request.invalid", "visibility"),
        ({"rating": 0}, "post.bad_rating", "rating"),
        ({"rating": 6}, "post.bad_rating", "rating"),
        ({"rating": 2**70}, "post.bad_rating", "rating"),
        ({"rating": "5"}, "request.invalid", "rating"),
        ({"rating": 4.5}, "request.invalid", "rating"),
        ({"rating": True}, "request.invalid", "rating"),
        ({"text": "가" * 5_001}, "post.bad_text", "text"),
        ({"text": None}, "request.invalid", "text"),
        ({"text_origin": "human"}, "request.invalid", "text_origin"),
        ({"eaten_on": "2030-01-01"}, "post.bad_date", "eaten_on"),
        ({"eaten_on": "1800-01-01"}, "post.bad_date", "eaten_on"),
        ({"eaten_on": "2026-02-30"}, "request.invalid", "eaten_on"),
        ({"eaten_on": "2026-11-17T10:00"}, "request.invalid", "eaten_on"),
        ({"eaten_on": 0}, "request.invalid", "eaten_on"),
        ({"menus": []}, "post.menu_count", "menus"),
        ({"menus": None}, "request.invalid", "menus"),
        ({"menus": [{"name": str(at)} for at in range(11)]}, "post.menu_count", "menus"),
        ({"menus": [{"name": "A"}, {"name": "a"}]}, "post.same_menu", "menus"),
        ({"menus": [{"name": name, "main": True} for name in "ab"]}, "post.main_menu", "menus"),
        ({"menus": [{"name": "\u200b"}]}, "post.menu_name", "menus"),
        ({"menus": [{"name": "a", "price": -1}]}, "post.menu_price", "menus"),
        ({"menus": [{"name": "a", "price": 2**70}]}, "post.menu_price", "menus"),
        ({"menus": [{"name": "a", "price": 1.5}]}, "request.invalid", "menus"),
        ({"menus": [{"name": "a", "text": "x" * 501}]}, "post.menu_text", "menus"),
        ({"menus": [{"name": "a", "photo_id": "x"}]}, "photo.unknown", "menus"),
        ({"menus": [{"name": "a", "photo_id": "x" * 22}]}, "photo.unknown", "menus"),
        ({"menus": [{}]}, "request.invalid", "menus"),
        ({"author_id": 2}, "request.invalid", "author_id"),
    ],
)
async def test_a_post_that_cannot_be(author, change, code, field):
    status, answer = await author.post("/api/posts", POST | change)
    assert (status, answer["error"]["code"], answer["error"]["field"]) == (422, code, field)
    assert (await author.get("/api/feed"))[1]["posts"] == []
    assert (await author.get("/api/places"))[1]["places"] == []


@pytest.mark.parametrize("missing", ["category", "visibility", "menus"])
async def test_what_must_be_said(author, missing):
    status, answer = await author.post("/api/posts", without(POST, missing))
    assert (status, answer["error"]["field"]) == (422, missing)


@pytest.mark.sql
async def test_a_change_of_one_thing_leaves_the_rest(site, author):
    made = await write(author, rating=3, text="before", eaten_on="2026-11-17")
    site.clock.now += 60
    changes = (
        {"text": "after", "text_origin": "template"},
        {"rating": None},
        {"eaten_on": None},
        {"category": "카페"},
        {"visibility": "private"},
        {"menus": [{"name": "라면", "main": True}]},
        {"place": {"name": "면옥", "at": [1, 2]}},
        {"place_id": 1},
        {},
    )
    for change in changes:
        status, answer = await author.patch(f"/api/posts/{made['id']}", change)
        assert status == 200, answer
        after = answer["post"]
        given = without(change, "menus", "place", "place_id")
        same = KEYS - change.keys() - {"place", "updated_at"}
        assert {name: after[name] for name in given} == given
        assert {name: after[name] for name in same} == {name: made[name] for name in same}
        made = after
    assert made["place"]["id"] == 1
    assert made["updated_at"] == made["created_at"] + 60_000


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"rating": 9}, "post.bad_rating", "rating"),
        ({"text": None}, "request.invalid", "text"),
        ({"category": None}, "request.invalid", "category"),
        ({"visibility": None}, "request.invalid", "visibility"),
        ({"menus": []}, "post.menu_count", "menus"),
        ({"menus": None}, "request.invalid", "menus"),
        ({"eaten_on": "2030-01-01"}, "post.bad_date", "eaten_on"),
        ({"place_id": 99}, "place.unknown", "place_id"),
        ({"place_id": 1, "place": PLACE}, "post.one_place", "place_id"),
        ({"mine": True}, "request.invalid", "mine"),
    ],
)
async def test_a_change_that_cannot_be(author, change, code, field):
    made = await write(author)
    status, answer = await author.patch(f"/api/posts/{made['id']}", change)
    assert (status, answer["error"]["code"], answer["error"]["field"]) == (422, code, field)
    assert (await author.get(f"/api/posts/{made['id']}"))[1]["post"] == made


@pytest.mark.sql
async def test_a_deleted_post_is_gone(author):
    made = await write(author)
    address = f"/api/posts/{made['id']}"
    assert (await author.delete(address))[0] == 204
    for status, answer in (await author.get(address), await author.delete(address)):
        assert (status, answer["error"]["code"]) == (404, "post.unknown")
    assert (await author.get("/api/feed"))[1]["posts"] == []


@pytest.mark.sql
@pytest.mark.parametrize("number", ["0", "99", "x", "-1", "1.0", "9" * 30, "%00", "%FF", "１"])
async def test_posts_that_never_were(author, number):
    await write(author)
    for method in ("GET", "PATCH", "DELETE"):
        body = {"json": {}} if method == "PATCH" else {}
        status, answer = await author.call(method, f"/api/posts/{number}", **body)
        assert (status, answer["error"]["code"]) == (404, "post.unknown")
