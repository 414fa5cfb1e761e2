"""Suggestions over HTTP: whose photos, which limits, and what an answer may be."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager

import pytest

from tests.fakes import openai as fakes
from tests.wagu.web.conftest import open_site

PATH = "/api/drafts/suggestion"
GOOD = fakes.tells(json.dumps({"category": "한식", "dishes": ["물냉면"]}))


@pytest.fixture
async def fake():
    async with fakes.fake_openai() as fake:
        yield fake


@pytest.fixture
def seeing_site(tmp_path, fake):
    @asynccontextmanager
    async def make(**settings):
        ours = {"ai_base_url": fake.url, "ai_model": "test-model", "ai_vision": True}
        async with open_site(tmp_path / "data", **{**ours, **settings}) as site:
            yield site

    return make


async def test_a_category_and_dishes_to_pick_from(seeing_site, fake):
    fake.answer = GOOD
    async with seeing_site() as site:
        member = await site.known("jimin")
        photo = await site.photo(member.member_id)
        answer = await member.post(PATH, {"photo_ids": [photo]})
        assert answer == (200, {"category": "한식", "menus": ["물냉면"]})
    image = fake.asked[0]["messages"][1]["content"][0]["image_url"]["url"]
    assert image.startswith("data:image/jpeg;base64,")


async def test_photos_of_others_are_unknown(seeing_site, fake):
    async with seeing_site() as site:
        member, other = await site.known("jimin"), await site.known("other")
        for ids in ([await site.photo(other.member_id)], ["x" * 22], ["nope"]):
            status, answer = await member.post(PATH, {"photo_ids": ids})
            assert (status, answer["error"]["code"]) == (422, "photo.unknown")
        for ids in ([], ["x" * 22] * 5):
            assert (await member.post(PATH, {"photo_ids": ids}))[0] == 422
    assert fake.asked == []


@pytest.mark.parametrize("settings", [{"ai_vision": False}, {"ai_base_url": None}])
async def test_a_model_without_eyes_is_not_asked(seeing_site, fake, settings):
    async with seeing_site(**settings) as site:
        member = await site.known("jimin")
        status, answer = await member.post(PATH, {"photo_ids": ["x" * 22]})
        assert (status, answer["error"]["code"]) == (409, "ai.blind")
    assert fake.asked == []


@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [
        (fakes.refuses(500), 503, "ai.unavailable"),
        (fakes.refuses(401), 503, "ai.misconfigured"),
        (fakes.tells("prose"), 503, "ai.broken"),
        (fakes.tells(None, refusal="no"), 409, "ai.refused"),
        (fakes.refuses(429, **{"Retry-After": "7"}), 429, "ai.busy"),
    ],
)
async def test_failures_are_errors(seeing_site, fake, answer, status, code):
    fake.answer = answer
    async with seeing_site() as site:
        member = await site.known("jimin")
        body = {"photo_ids": [await site.photo(member.member_id)]}
        response = await member.raw("POST", PATH, json=body)
        error = (await response.json())["error"]
        assert (response.status, error["code"]) == (status, code)
        assert error["message"]
        if status == 429:
            assert response.headers["Retry-After"] == "7"


async def test_what_came_to_nothing_is_not_counted(seeing_site, fake):
    async with seeing_site(ai_daily_limit=1) as site:
        member = await site.known("jimin")
        body = {"photo_ids": [await site.photo(member.member_id)]}
        fake.answer = fakes.refuses(500)
        for _ in range(3):
            assert (await member.post(PATH, body))[0] == 503
        fake.answer = GOOD
        assert (await member.post(PATH, body))[0] == 200
        status, answer = await member.post(PATH, body)
        assert (status, answer["error"]["code"]) == (429, "ai.limit")
