"""The ladder of structured answers, and endpoints that are broken or wicked on each step of it."""

from __future__ import annotations

import asyncio
import json

import pytest
import structlog

from tests.fakes import openai as fakes
from tests.wagu.ai.conftest import KEY
from wagu.ai.events import Failed
from wagu.domain.draft import Language
from wagu.domain.menu import LONGEST_NAME, MENUS_MAX
from wagu.domain.person import MemberId
from wagu.domain.post import Category
from wagu.domain.suggestion import Suggestion

JIMIN = MemberId(12)
PHOTO = b"\xff\xd8 a JPEG"
NOODLES = {"category": "한식", "dishes": ["물냉면", "수육"]}
FOUND = Suggestion(Category.KOREAN, ("물냉면", "수육"))
GOOD = fakes.tells(json.dumps(NOODLES))


@pytest.fixture
async def seeing(drafts_with):
    return await drafts_with(vision=True)


async def suggest(drafts):
    async with asyncio.timeout(60):
        return await drafts.suggest([PHOTO], Language.KOREAN, JIMIN)


def steps(fake):
    """How each question asked for its shape."""
    return [body.get("response_format", {}).get("type", "text") for body in fake.asked]


async def test_the_first_step_holds_with_a_good_endpoint(fake, seeing):
    fake.answer = GOOD
    assert await suggest(seeing) == FOUND
    assert steps(fake) == ["json_schema"]
    (body,) = fake.asked
    schema = body["response_format"]["json_schema"]
    assert schema["strict"] is True
    assert set(schema["schema"]["required"]) == set(schema["schema"]["properties"]) == set(NOODLES)
    assert "tools" not in body
    assert not body.get("stream")


@pytest.mark.parametrize("status", [400, 422, 501])
async def test_a_step_that_is_not_known_is_never_asked_again(fake, seeing, status):
    fake.answer = fakes.one_after_the_other(fakes.refuses(status), GOOD)
    assert await suggest(seeing) == FOUND
    assert await suggest(seeing) == FOUND
    assert steps(fake) == ["json_schema", "json_object", "json_object"]


async def test_down_to_text_with_a_fence_around_it(fake, seeing):
    fenced = fakes.tells(f"Sure!\n```json\n{json.dumps(NOODLES, ensure_ascii=False)}\n```\nEnjoy")
    fake.answer = fakes.one_after_the_other(fakes.refuses(400), fakes.refuses(400), fenced)
    assert await suggest(seeing) == FOUND
    assert steps(fake) == ["json_schema", "json_object", "text"]
    assert await suggest(seeing) == FOUND
    assert steps(fake)[3:] == ["text"]


async def test_an_answer_of_another_shape_is_asked_for_once_more_a_step_below(fake, seeing):
    fake.answer = fakes.one_after_the_other(fakes.tells("냉면이네요."), GOOD)
    assert await suggest(seeing) == FOUND
    assert steps(fake) == ["json_schema", "json_object"]
    assert await suggest(seeing) == FOUND
    assert steps(fake)[2:] == ["json_schema"], "it may have been a slip"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"category": "피자", "dishes": []}, Suggestion(None, ())),
        ({"category": None, "dishes": ["김밥", " 김밥 ", "", "\u202e\u200b"]}, ("김밥",)),
        ({"dishes": ["가" * (LONGEST_NAME + 1), "라면"]}, ("라면",)),
        (
            {"dishes": [f"메뉴 {n}" for n in range(99)]},
            tuple(f"메뉴 {n}" for n in range(MENUS_MAX)),
        ),
        ({"dishes": ["x"], "rating": 5, "then": {"run": "rm -rf /"}}, ("x",)),
        ({}, ()),
    ],
)
async def test_only_what_can_stand_in_a_post_is_kept(fake, seeing, said, found):
    fake.answer = fakes.tells(json.dumps(said))
    wanted = found if isinstance(found, Suggestion) else Suggestion(None, found)
    assert await suggest(seeing) == wanted


async def test_writing_on_a_photo_changes_words_at_most(fake, seeing):
    """A model that obeys a menu saying `ignore your rules` can still only name dishes."""
    obeyed = {
        "category": "</script><script>alert(1)</script>",
        "dishes": ["<img src=x onerror=alert(1)>", "'; DROP TABLE post; --", "{{7*7}}"],
        "visibility": "public",
        "tool_calls": [{"function": {"name": "delete_account"}}],
    }
    calls = [{"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]
    fake.answer = fakes.tells(json.dumps(obeyed), tool_calls=calls)
    assert await suggest(seeing) == Suggestion(None, tuple(obeyed["dishes"]))
    assert len(fake.asked) == 1


async def test_the_rules_are_ours_and_the_photos_are_material(fake, seeing):
    fake.answer = GOOD
    await suggest(seeing)
    system, user = fake.asked[0]["messages"]
    assert (system["role"], user["role"]) == ("system", "user")
    assert "JSON" in system["content"], "json_object wants the word"
    assert all(one.value in system["content"] for one in Category)
    assert [part["type"] for part in user["content"]] == ["image_url"]


FAILURES = {
    "unauthorized": (
        fakes.refuses(401, "invalid_api_key", f"Incorrect key {KEY}"),
        1,
        "misconfigured",
    ),
    "never knows": (fakes.refuses(400), 3, "misconfigured"),
    "filtered": (fakes.refuses(400, "content_filter"), 1, "refused"),
    "server error": (fakes.refuses(500), 1, "unavailable"),
    "rate limit": (fakes.refuses(429), 1, "busy"),
    "refuses in words": (fakes.tells(None, refusal="I will not"), 1, "refused"),
    "filter at the end": (fakes.tells("{}", "content_filter"), 1, "refused"),
    "too long": (fakes.tells('{"dishes": ["', "length"), 1, "cut_off"),
    "no words": (fakes.tells(None), 3, "broken"),
    "prose": (fakes.tells("냉면이네요."), 3, "broken"),
    "a list": (fakes.tells('["냉면"]'), 3, "broken"),
    "another kind": (fakes.tells('{"dishes": {"0": "냉면"}}'), 3, "broken"),
    "numbers": (fakes.tells('{"dishes": [1, 2]}'), 3, "broken"),
    "deep": (fakes.tells('{"dishes": ' + "[" * 3_000 + "]" * 3_000 + "}"), 3, "broken"),
    "endless": (fakes.tells("{" + " " * 100_000 + "}"), 3, "broken"),
    "html": (fakes.html, 3, "broken"),
    "hangs up": (fakes.hangs_up, 1, "unavailable"),
    "the key": (fakes.tells(json.dumps({"dishes": [f"냉면 {KEY}"]})), 1, "broken"),
    "the key in pieces": (fakes.tells(json.dumps({"dishes": [KEY[:12], KEY[12:]]})), 1, "broken"),
    "the key in disguise": (
        fakes.tells('{"dishes": ["' + "".join(f"\\u{ord(each):04x}" for each in KEY) + '"]}'),
        1,
        "broken",
    ),
}


@pytest.mark.parametrize("name", FAILURES)
async def test_each_failure_has_its_code(fake, seeing, name):
    fake.answer, asked, code = FAILURES[name]
    with structlog.testing.capture_logs() as logs:
        found = await suggest(seeing)
    assert isinstance(found, Failed), found
    assert (found.code, len(fake.asked)) == (f"ai.{code}", asked)
    assert KEY not in f"{found}{logs}"


async def test_all_steps_share_one_deadline(fake, drafts_with):
    drafts = await drafts_with(vision=True, timeout=1.0)
    fake.answer = fakes.one_after_the_other(fakes.refuses(400), fakes.hangs)
    found = await suggest(drafts)
    assert isinstance(found, Failed)
    assert found.code == "ai.timeout"


async def test_two_of_one_member_at_once(fake, seeing):
    both = asyncio.Event()

    async def hangs(request):
        if len(fake.asked) == 2:
            both.set()
        return await fakes.hangs(request)

    fake.answer = hangs
    running = [asyncio.create_task(suggest(seeing)) for _ in range(2)]
    async with asyncio.timeout(30):
        await both.wait()
    assert (await suggest(seeing)).code == "ai.busy"
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    fake.answer = GOOD
    assert await suggest(seeing) == FOUND
    assert seeing.stats() == {"running": 0}


async def test_without_eyes_nothing_is_asked(fake, drafts):
    assert await suggest(drafts) == Suggestion(None, ())
    assert fake.asked == []
