"""Search over HTTP; what finds what is tested in `tests/wagu/domain/test_matching.py`."""

from __future__ import annotations

import pytest


@pytest.fixture
async def member(site):
    member = await site.known("jimin")
    post = {
        "place": {"name": "신당동 떡볶이", "at": [37.56, 127.0]},
        "category": "분식",
        "visibility": "private",
        "menus": [{"name": "튀김"}],
    }
    assert (await member.post("/api/posts", post))[0] == 201
    return member


@pytest.mark.sql
@pytest.mark.parametrize("q", ["떡볶이", "떡뽁이", "ㄸㅂㅇ", "신당"])
async def test_places(site, member, q):
    for path, rest in (("/api/search", {"kind": "places"}), ("/api/places", {})):
        status, answer = await site.visitor().get(path, params={"q": q, **rest})
        assert status == 200
        assert [place["name"] for place in answer["places"]] == ["신당동 떡볶이"]
        assert answer["next"] is None
        assert "records" not in answer


@pytest.mark.sql
@pytest.mark.parametrize("q", ["떡뽁이", "ㄸㅂㅇ", "튀김", "분식"])
async def test_records(site, member, q):
    status, answer = await member.get("/api/search", params={"q": q, "kind": "records"})
    assert status == 200
    assert [card["menu"] for card in answer["records"]] == ["튀김"]
    other = await site.known("other")
    _, answer = await other.get("/api/search", params={"q": q, "kind": "records"})
    assert answer == {"records": [], "next": None}


async def test_records_are_of_members(site):
    query = {"q": "x", "kind": "records"}
    assert (await site.visitor().get("/api/search", params=query))[0] == 401
    assert (await (await site.guest()).get("/api/search", params=query))[0] == 403


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "q"),
        ({"q": ""}, "q"),
        ({"q": "x" * 101}, "q"),
        ({"q": "\x00"}, "q"),
        ({"q": "x", "kind": "secrets"}, "kind"),
        ({"q": "x", "limit": "51"}, "limit"),
        ({"q": "x", "after": "-1"}, "after"),
        ({"q": "x", "after": "1001"}, "after"),
    ],
)
async def test_a_question_that_cannot_be(site, query, field):
    status, answer = await site.visitor().get("/api/search", params=query)
    assert (status, answer["error"]["field"]) == (422, field)
