"""Places from outside, over HTTP: whom we ask, what we say, and what we do when they fail."""

from __future__ import annotations

import pytest

from tests.fakes import places as fakes

pytestmark = pytest.mark.sql

PLACE = {"name": "을지면옥", "at": [37.5731, 126.9888], "category": "한식", "address": "종로구"}


@pytest.fixture
async def fake():
    async with fakes.fake_places() as fake:
        yield fake


async def test_by_default_nobody_outside_is_asked(site):
    member = await site.member("jimin")
    await member.post("/api/places", PLACE)
    await member.post("/api/places", {**PLACE, "name": "을지다방", "category": "다방"})
    status, answer = await member.get("/api/places/external?q=을지면옥&at=37.5,126.9")
    assert status == 200
    assert answer["places"][0] == PLACE
    assert (answer["provider"], answer["attribution"]) == ("own", "")
    _, answer = await member.get("/api/places/external?q=을지다방")
    assert answer["places"][0]["category"] is None


@pytest.mark.parametrize(
    ("provider", "attribution"),
    [
        ("kakao", "Kakao"),
        ("naver", "NAVER"),
        ("photon", "© OpenStreetMap contributors"),
        ("nominatim", "© OpenStreetMap contributors"),
    ],
)
async def test_each_provider(site_with, fake, provider, attribution):
    chosen = {
        "places_provider": provider,
        "places_client_id": fakes.CLIENT_ID,
        "places_key": fakes.KEY,
        "places_url": fake.url,
    }
    async with site_with(**chosen) as site:
        member = await site.member("jimin")
        for _ in range(2):
            status, answer = await member.get("/api/places/external?q=을지&at=37.57,126.98")
            assert status == 200, answer
            assert answer["places"][0]["at"] == [37.5731, 126.9888]
            assert (answer["provider"], answer["attribution"]) == (provider, attribution)
        assert len(fake.asked) == 1
        assert (await member.get("/api/config"))[1]["place_search"] == {
            "provider": provider,
            "attribution": attribution,
            "as_you_type": provider != "nominatim",
        }


async def test_a_failure_is_an_error(site_with, fake):
    fake.answer = fakes.with_status(429, **{"Retry-After": "7"})
    async with site_with(places_provider="photon", places_url=fake.url) as site:
        member = await site.member("jimin")
        response = await member.raw("GET", "/api/places/external?q=x")
        assert (response.status, response.headers["Retry-After"]) == (429, "7")
        assert (await response.json())["error"]["code"] == "places.busy"
        fake.answer = fakes.with_status(500)
        status, answer = await member.get("/api/places/external?q=x")
        assert (status, answer["error"]["code"]) == (503, "places.unavailable")


@pytest.mark.parametrize(
    "query",
    [
        "q=x&at=here",
        "q=x&at=1",
        "q=x&at=1,2,3",
        "q=x&at=91,0",
        "q=x&at=nan,0",
        "q=" + "x" * 500,
    ],
)
async def test_bad_questions(site, query):
    member = await site.member("jimin")
    assert (await member.get(f"/api/places/external?{query}"))[0] == 422
