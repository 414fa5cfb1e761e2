"""Drafts over HTTP: events as they come, limits, and what happens when somebody goes away."""

from __future__ import annotations

import asyncio
import io
import json
from contextlib import asynccontextmanager

import pytest
from PIL import Image

from tests.fakes import openai as fakes
from tests.wagu.web.conftest import open_site
from wagu.ephemeral.allowances import DAY

MEAL = {"place": "을지면옥", "menus": [{"name": "물냉면", "price": 12000}], "words": "시원했다"}
KEY = "sk-test-0123456789abcdef"


@pytest.fixture
async def fake():
    async with fakes.fake_openai() as fake:
        yield fake


@pytest.fixture
def site_by_ai(tmp_path, fake):
    @asynccontextmanager
    async def make(**settings):
        ours = {"ai_base_url": fake.url, "ai_model": "test-model", "ai_api_key": KEY}
        async with open_site(tmp_path / "data", **{**ours, **settings}) as site:
            yield site

    return make


async def draft(visitor, **changes):
    """The events of one draft as (name, data)."""
    response = await visitor.raw("POST", "/api/drafts", json={**MEAL, **changes})
    assert response.status == 200, await response.text()
    assert response.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-store"
    return events_of(await response.text())


def events_of(text: str):
    events = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
        if "event" in fields:
            events.append((fields["event"], json.loads(fields["data"])))
    return events


async def upload(visitor) -> str:
    picture = io.BytesIO()
    Image.new("RGB", (800, 600), "orange").save(picture, "JPEG")
    headers = {"Content-Type": "image/jpeg"}
    status, answer = await visitor.call(
        "POST", "/api/photos", data=picture.getvalue(), headers=headers
    )
    assert status == 201, answer
    return answer["photo"]["id"]


async def test_without_an_endpoint_a_template_says_so(site):
    member = await site.member("jimin")
    text, done = await draft(member)
    assert text == ("delta", {"text": "을지면옥에서 물냉면(12,000원)을 먹었다.\n시원했다"})
    assert done == ("done", {"origin": "template"})


async def test_a_draft_comes_as_events(site_by_ai, fake):
    fake.answer = fakes.says("줄\n바꿈", " data: x\r\n\r\nevent: done")
    async with site_by_ai() as site:
        member = await site.member("jimin")
        assert await draft(member, tone="short", language="en", category="한식") == [
            ("delta", {"text": "줄\n바꿈"}),
            ("delta", {"text": " data: x\n\nevent: done"}),
            ("done", {"origin": "ai"}),
        ]
    assert json.loads(fake.asked[0]["messages"][1]["content"])["category"] == "한식"


async def test_an_error_comes_as_an_event(site_by_ai, fake):
    fake.answer = fakes.refuses(429, message=KEY, **{"Retry-After": "7"})
    async with site_by_ai() as site:
        ((name, data),) = await draft(await site.member("jimin"))
    assert (name, data["code"], data["retry_after"]) == ("error", "ai.busy", 7)
    assert KEY not in json.dumps(data)


async def test_so_many_a_day(site_by_ai, fake):
    async with site_by_ai(ai_daily_limit=2) as site:
        member, other = await site.member("jimin"), await site.member("minsu")
        for _ in range(2):
            assert (await draft(member))[-1][0] == "done"
        response = await member.raw("POST", "/api/drafts", json=MEAL)
        assert response.status == 429
        assert int(response.headers["Retry-After"]) == DAY
        assert (await response.json())["error"]["code"] == "ai.limit"
        assert (await draft(other))[-1][0] == "done"
        site.clock.now += DAY
        assert (await draft(member))[-1][0] == "done"


async def test_what_never_began_is_not_counted(site_by_ai, fake):
    async with site_by_ai(ai_daily_limit=1) as site:
        member = await site.member("jimin")
        for answer in (fakes.refuses(500), fakes.html, fakes.refuses(401)):
            fake.answer = answer
            assert (await draft(member))[-1][0] == "error"
        fake.answer = fakes.says("반", finish=None)  # this one began
        assert [name for name, _ in await draft(member)] == ["delta", "error"]
        assert (await member.post("/api/drafts", MEAL))[0] == 429


async def test_photos_of_ones_own_go_along(site_by_ai, fake):
    async with site_by_ai(ai_vision=True) as site:
        member = await site.member("jimin")
        await draft(member, photo_ids=[await upload(member)])
    _, photo = fake.asked[0]["messages"][1]["content"]
    assert photo["image_url"]["url"].startswith("data:image/jpeg;base64,/9j/")


async def test_without_vision_no_photo_leaves(site_by_ai, fake):
    async with site_by_ai() as site:
        member = await site.member("jimin")
        await draft(member, photo_ids=[await upload(member)])
    assert isinstance(fake.asked[0]["messages"][1]["content"], str)


async def test_photos_of_others_do_not(site_by_ai, fake):
    async with site_by_ai(ai_vision=True) as site:
        photo = await upload(await site.member("minsu"))
        member = await site.member("jimin")
        for wrong in (photo, "nonsense", "../../etc/passwd", "A" * 22):
            status, answer = await member.post("/api/drafts", {**MEAL, "photo_ids": [wrong]})
            assert (status, answer["error"]["code"]) == (422, "photo.unknown")
            assert answer["error"]["field"] == "photo_ids"
    assert not fake.asked


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"place": " "}, "place"),
        ({"place": 7}, "place"),
        ({"words": "x" * 501}, "words"),
        ({"tone": "loud"}, "tone"),
        ({"language": "fr"}, "language"),
        ({"category": "네모"}, "category"),
        ({"menus": [{"name": ""}]}, "menus"),
        ({"menus": [{"name": "x", "price": -1}]}, "menus"),
        ({"menus": [{"name": "x"}] * 11}, "menus"),
        ({"photo_ids": ["A" * 22] * 5}, "photo_ids"),
        ({"origin": "ai"}, "origin"),
    ],
)
async def test_bad_input(site, changes, field):
    member = await site.member("jimin")
    status, answer = await member.post("/api/drafts", {**MEAL, **changes})
    assert status == 422
    assert answer["error"]["field"] == field


async def test_who_goes_away_stops_the_draft(site_by_ai, fake):
    fake.answer = fakes.then_hangs("첫")
    async with site_by_ai() as site:
        member = await site.member("jimin")
        await asyncio.wait_for(_leave_early(site, member), 20)
        async with asyncio.timeout(20):
            await fake.left.wait()


async def _leave_early(site, member) -> None:
    response = await member.client.post("/api/drafts", json=MEAL)
    assert await response.content.readuntil(b"\n\n")
    response.close()
