"""An endpoint that is slow, broken or wicked: one stable code each, no key, no wait without end."""

from __future__ import annotations

import asyncio
import gzip

import pytest
import structlog

from tests.fakes import openai as fakes
from tests.wagu.ai.conftest import KEY
from wagu.ai.events import Delta, Done, Failed
from wagu.domain.draft import LONGEST_DRAFT, Origin
from wagu.domain.person import MemberId

JIMIN = MemberId(12)
HUGE = b"x" * 65_536

FAILURES = {
    "unauthorized": (
        fakes.refuses(401, "invalid_api_key", f"Incorrect key {KEY}"),
        "misconfigured",
    ),
    "forbidden": (fakes.refuses(403), "misconfigured"),
    "no such model": (fakes.refuses(404, "model_not_found"), "misconfigured"),
    "bad request": (fakes.refuses(400), "misconfigured"),
    "filtered": (fakes.refuses(400, "content_filter"), "refused"),
    "server error": (fakes.refuses(500), "unavailable"),
    "overloaded": (fakes.refuses(503), "unavailable"),
    "rate limit": (fakes.refuses(429, "rate_limit_exceeded"), "busy"),
    "redirect": (fakes.redirects("http://127.0.0.1:9/elsewhere"), "misconfigured"),
    "html": (fakes.html, "broken"),
    "no words": (fakes.says(), "broken"),
    "only blanks": (fakes.says("\u200b", " \n", "\x00"), "broken"),
    "cut off": (fakes.says("반", finish=None), "cut_off"),
    "cut off before a word": (fakes.says(finish=None), "broken"),
    "cut off, no [DONE]": (fakes.says("반", finish=None, done=False), "cut_off"),
    "hangs up": (fakes.hangs_up, "unavailable"),
    "refuses in words": (fakes.sends(fakes.chunk({"refusal": "I will not"})), "refused"),
    "filter at the end": (fakes.says("반", finish="content_filter"), "refused"),
    "error in the stream": (
        fakes.sends(fakes.event({"error": {"message": KEY, "code": "server_error"}})),
        "unavailable",
    ),
    "not JSON": (fakes.sends(b"data: {nonsense\n\n"), "broken"),
    "not UTF-8": (fakes.sends(b"data: \xff\xfe\n\n"), "broken"),
    "a list": (fakes.sends(b"data: [1, 2]\n\n"), "broken"),
    "a number": (fakes.sends(b"data: 7\n\n"), "broken"),
    "choices of another kind": (fakes.sends(fakes.event({"choices": "many"})), "broken"),
    "content of another kind": (fakes.sends(fakes.chunk({"content": {"a": 1}})), "broken"),
    "deep JSON": (fakes.sends(b"data: " + b"[" * 200_000 + b"\n\n"), "broken"),
    "endless text": (fakes.for_ever(fakes.chunk({"content": "가나다라마바사" * 10})), "too_long"),
    "endless silence": (fakes.for_ever(fakes.chunk({"thoughts": "음" * 3000})), "broken"),
    "endless comments": (fakes.for_ever(b": " + HUGE + b"\n\n"), "broken"),
    "a line without an end": (fakes.for_ever(HUGE), "broken"),
    "compressed": (fakes.compressed(gzip.compress(b"data: {}\n\n" * 1000)), "broken"),
    "the key": (fakes.says(f"your key is {KEY}!"), "broken"),
    "the key in pieces": (fakes.says("sk-te", "st-012345", "6789ab", "cdef"), "broken"),
}


async def all_of(drafts, brief):
    async with asyncio.timeout(60):
        return [event async for event in drafts.write(brief, JIMIN)]


@pytest.mark.parametrize("name", FAILURES)
async def test_each_failure_has_its_code(fake, drafts, brief, name):
    fake.answer, code = FAILURES[name]
    with structlog.testing.capture_logs() as logs:
        *deltas, last = await all_of(drafts, brief())
    assert isinstance(last, Failed), last
    assert last.code == f"ai.{code}"
    assert last.message
    shown = "".join(delta.text for delta in deltas)
    assert len(shown) <= LONGEST_DRAFT
    assert KEY not in f"{shown}{last}{logs}"
    assert len(fake.asked) == 1  # no retry, and no redirect followed


@pytest.mark.parametrize("answer", [fakes.hangs, fakes.then_hangs("반")])
async def test_a_deadline_for_all_of_it(fake, drafts_with, brief, answer):
    fake.answer = answer
    *_, last = await all_of(await drafts_with(timeout=0.3), brief())
    assert last.code == "ai.timeout"
    async with asyncio.timeout(10):
        await fake.left.wait()


async def test_drops_do_not_move_the_deadline(fake, drafts_with, brief):
    """Bytes come all the time, words never."""
    fake.answer = fakes.for_ever(b":\n\n")
    *_, last = await all_of(await drafts_with(timeout=0.3), brief())
    assert last.code in ("ai.timeout", "ai.broken")


async def test_nobody_there(drafts_with, brief):
    drafts = await drafts_with(base_url="http://127.0.0.1:9/v1")
    (last,) = await all_of(drafts, brief())
    assert last.code == "ai.unavailable"


@pytest.mark.parametrize(
    ("header", "seconds"), [("7", 7), ("0", 1), ("999999", 3600), ("soon", None), ("-1", None)]
)
async def test_when_to_come_back(fake, drafts, brief, header, seconds):
    fake.answer = fakes.refuses(429, **{"Retry-After": header})
    (last,) = await all_of(drafts, brief())
    assert (last.code, last.retry_after) == ("ai.busy", seconds)


async def test_what_came_before_a_failure_stays(fake, drafts, brief):
    fake.answer = fakes.says("맛있", finish=None)
    first, last = await all_of(drafts, brief())
    assert first == Delta("맛있")
    assert last.code == "ai.cut_off"


async def test_markup_and_links_are_text(fake, drafts, brief):
    wicked = "<img src=x onerror=alert(1)> [x](javascript:alert(1)) http://evil.example/"
    fake.answer = fakes.says(wicked)
    assert await all_of(drafts, brief()) == [Delta(wicked), Done(Origin.AI)]
    assert len(fake.asked) == 1


async def test_a_tool_call_is_no_text(fake, drafts, brief):
    call = {"tool_calls": [{"index": 0, "function": {"name": "rm", "arguments": "{}"}}]}
    fake.answer = fakes.sends(fakes.chunk(call), fakes.chunk({}, "tool_calls"))
    (last,) = await all_of(drafts, brief())
    assert last.code == "ai.broken"


async def test_at_the_length_limit_of_the_endpoint_the_text_counts(fake, drafts, brief):
    fake.answer = fakes.says("길다", finish="length")
    assert await all_of(drafts, brief()) == [Delta("길다"), Done(Origin.AI)]


async def test_after_the_end_nothing_is_read(fake, drafts, brief):
    async def answer(request):
        response = await fakes.begin(request)
        await response.write(fakes.chunk({"content": "끝"}) + fakes.chunk({}, "stop") + fakes.DONE)
        while True:
            await response.write(fakes.chunk({"content": "더"}))
            await asyncio.sleep(0)

    fake.answer = answer
    assert await all_of(drafts, brief()) == [Delta("끝"), Done(Origin.AI)]
