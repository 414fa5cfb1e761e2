"""A model's help with a record, in a browser: words that stream in, names for what is on photos,
and endpoints that fail."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.pages import dishes
from tests.browser.pages.finding import Home
from tests.browser.pages.parties import Arrive
from tests.browser.pages.people import join
from tests.browser.pages.pictures import take
from tests.browser.pages.posts import Draft, Editor, Guesses
from tests.browser.pages.visitor import DESKTOP, PHONE, Visitor
from tests.browser.pages.words import ko
from tests.fakes import openai as fakes

pytestmark = [pytest.mark.browser, pytest.mark.pages]

KEY = "sk-test-0123456789abcdef"
WICKED = "<img src=x onerror=\"document.title='owned'\"> 국물이 시원했다."


@pytest.fixture
async def model() -> AsyncIterator[fakes.FakeOpenAI]:
    async with fakes.fake_openai() as fake:
        yield fake


@pytest.fixture
def by_ai(server: Callable[..., Any], model: fakes.FakeOpenAI) -> Callable[..., Any]:
    def start(**more: str) -> Any:
        ours = {"WAGU_AI_BASE_URL": model.url, "WAGU_AI_MODEL": "m", "WAGU_AI_API_KEY": KEY}
        return server(WAGU_RATE_LIMITS="off", **(ours | more))

    return start


async def at_the_form(arrive: Arrive, here: Any, device: dict[str, Any]) -> Editor:
    """Somebody who has chosen the place and named a dish."""
    jimin = await arrive(here, "지민", device)
    await join(jimin, "jimin")
    await jimin.add_place("을지면옥", 37.5662, 126.9915, "한식")
    editor = await Editor.new(jimin)
    await editor.choose_place("을지면옥")
    await editor.write_menu(0, "물냉면", "12000")
    return editor


def material(model: fakes.FakeOpenAI) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(model.asked[-1]["messages"][1]["content"])
    return said


class Slowly:
    """Says a piece whenever the test wants it to."""

    def __init__(self, *pieces: str) -> None:
        self.pieces = pieces
        self.turns = [asyncio.Event() for _ in pieces]

    async def __call__(self, request: Any) -> Any:
        response = await fakes.begin(request)
        for piece, turn in zip(self.pieces, self.turns, strict=True):
            await turn.wait()
            await response.write(fakes.chunk({"content": piece}))
        await response.write(fakes.chunk({}, "stop") + fakes.DONE)
        return response


@pytest.mark.parametrize(("device", "size"), [(PHONE, "phone"), (DESKTOP, "desktop")])
async def test_a_draft_streams_in_and_the_post_says_who_wrote_it(
    by_ai: Callable[..., Any],
    model: fakes.FakeOpenAI,
    arrive: Arrive,
    test_results: Path,
    device: dict[str, Any],
    size: str,
) -> None:
    editor = await at_the_form(arrive, by_ai(), device)
    draft = Draft(editor)
    await editor.text.fill("내가 쓰던 글")
    model.answer = slowly = Slowly("살얼음이 ", "동동 ", "떠 있었다.")
    await draft.ask("줄이 길었다", "friendly")
    slowly.turns[0].set()
    await expect(editor.text).to_have_value("살얼음이 ")
    await expect(editor.text).not_to_be_editable()
    slowly.turns[1].set()
    await expect(editor.text).to_have_value("살얼음이 동동 ")
    await editor.page.screenshot(path=test_results / f"draft-writing-{size}.png")
    slowly.turns[2].set()
    await expect(draft.verdict).to_contain_text(ko("draft.done_ai"))
    await expect(editor.text).to_have_value("살얼음이 동동 떠 있었다.")
    assert "warm" in model.asked[0]["messages"][0]["content"]
    said = material(model)
    assert (said["place"], said["category"], said["note"]) == ("을지면옥", "한식", "줄이 길었다")
    assert said["dishes"] == [{"name": "물냉면", "price_won": 12000}]

    model.answer = Slowly("다시 쓰는 ", "중")
    await draft.again.click()
    model.answer.turns[0].set()
    await expect(editor.text).to_have_value("다시 쓰는 ")
    await draft.stop.click()
    await expect(draft.verdict).to_contain_text(ko("draft.stopped"))
    await asyncio.wait_for(model.left.wait(), 20)  # the endpoint was hung up on
    await expect(editor.text).to_have_value("다시 쓰는")
    await draft.undo.click()
    await expect(editor.text).to_have_value("내가 쓰던 글")

    model.answer = fakes.says(WICKED)
    await draft.write_again("en")
    await expect(draft.verdict).to_contain_text(ko("draft.done_ai"))
    assert "English" in model.asked[-1]["messages"][0]["content"]
    await draft.verdict.scroll_into_view_if_needed()
    await take(editor.visitor, test_results, f"draft-done-{size}")
    await editor.page.reload()  # an unaccepted draft is kept, with the way back
    await expect(editor.text).to_have_value(WICKED)
    await draft.accept.click()
    post = await editor.save()
    await expect(post.text).to_have_text(WICKED)
    await expect(post.origin).to_contain_text(ko("post.origin_ai"))
    number = post.id
    await take(editor.visitor, test_results, f"post-by-ai-{size}")
    home = Home(editor.visitor)
    await home.open()
    said = home.card("을지면옥").get_by_role("img", name=ko("post.origin_ai"), exact=True)
    await expect(said).to_be_visible()
    again = await Editor.of(editor.visitor, number)
    await expect(again.form.get_by_test_id("draft-label")).to_contain_text(ko("post.origin_ai"))
    await again.text.fill("국물이 아주 시원했다.")
    await (await again.save()).origin.locator("summary").click()
    await expect(post.origin).to_contain_text(ko("post.origin_ai_edited"))
    await expect(post.origin).to_contain_text(ko("post.origin_ai_edited_text"))
    assert "owned" not in await editor.page.title()


FAILURES: dict[str, tuple[fakes.Answer, str, str]] = {
    "rate-limited": (fakes.refuses(429, message=KEY, **{"Retry-After": "7"}), "ai.busy", ""),
    "broken": (fakes.html, "ai.broken", ""),
    "refusing": (fakes.sends(fakes.chunk({"refusal": KEY})), "ai.refused", ""),
    "down": (fakes.refuses(500, message=KEY), "ai.unavailable", ""),
    "slow": (fakes.then_hangs("반쯤"), "ai.timeout", "반쯤"),
    "hanging up": (fakes.hangs_up, "ai.unavailable", "반"),
}


async def test_whatever_the_endpoint_does_nothing_typed_is_lost(
    by_ai: Callable[..., Any], model: fakes.FakeOpenAI, arrive: Arrive, test_results: Path
) -> None:
    editor = await at_the_form(arrive, by_ai(WAGU_AI_TIMEOUT="5"), PHONE)
    draft, page = Draft(editor), editor.page
    await editor.text.fill("내가 쓰던 글")
    begun = False
    for answer, code, written in FAILURES.values():
        model.answer = answer
        await (draft.write_again() if begun else draft.ask("메모"))
        begun = True
        await expect(draft.problem).to_have_text(ko(f"error.{code}"))
        if code == "ai.refused":
            await take(editor.visitor, test_results, "draft-failed-phone")
        assert KEY not in await page.content()
        await expect(editor.text).to_have_value(written or "내가 쓰던 글")
        if written:
            await draft.undo.click()
        await expect(editor.text).to_have_value("내가 쓰던 글")
        assert await editor.menu_names() == ["물냉면"]
    model.answer = fakes.says("이번에는 된다.")
    await draft.write_again()
    await expect(editor.text).to_have_value("이번에는 된다.")
    await expect(draft.problem).to_have_count(0)


async def test_without_a_model_a_template_says_that_it_is_one(
    server: Callable[..., Any], arrive: Arrive, test_results: Path
) -> None:
    editor = await at_the_form(arrive, server(), PHONE)
    draft = Draft(editor)
    await draft.ask("시원했다", ai=False)
    await expect(draft.verdict).to_contain_text(ko("draft.done_template"))
    await expect(editor.text).to_have_value("을지면옥에서 물냉면(12,000원)을 먹었다.\n시원했다")
    await draft.verdict.scroll_into_view_if_needed()
    await take(editor.visitor, test_results, "draft-template-phone")
    await draft.accept.click()
    post = await editor.save()
    await expect(post.origin).to_contain_text(ko("post.origin_template"))


async def test_a_model_that_sees_names_what_is_on_the_photos(
    by_ai: Callable[..., Any], model: fakes.FakeOpenAI, arrive: Arrive, test_results: Path
) -> None:
    jimin: Visitor = await arrive(by_ai(WAGU_AI_VISION="true"), "지민", PHONE)
    await join(jimin, "jimin")
    editor = await Editor.new(jimin)
    guesses = Guesses(editor)
    await expect(guesses.ask).to_have_count(0)
    await editor.pick_photos([dishes.dish(1), dishes.dish(2)])
    await editor.photos_are("done", "done")

    model.answer = fakes.hangs
    await guesses.ask.click()
    await guesses.stop.click()
    await expect(guesses.ask).to_be_visible()
    jimin.troubles.expect(r"503 POST .*/api/drafts/suggestion", r"status of 503")
    model.answer = fakes.refuses(500, message=KEY)
    await guesses.ask.click()
    await expect(guesses.problem).to_have_text(ko("error.ai.unavailable"))

    seen = {"category": "한식", "dishes": ["물냉면", "수육", "<b>만두</b>"]}
    # A server that knows no schema: down the ladder to prose with an object inside.
    model.answer = fakes.one_after_the_other(
        fakes.refuses(400), fakes.refuses(400), fakes.tells(f"보이는 것은 {json.dumps(seen)}")
    )
    await guesses.ask.click()
    await expect(guesses.panel).to_contain_text(ko("suggest.seen"))
    assert len(model.asked[-1]["messages"][1]["content"]) == 2
    await take(jimin, test_results, "suggestion-phone")
    await guesses.of_card(0, "수육").click()
    await expect(editor.cards.first).to_be_focused()
    await guesses.of_card(1, "물냉면").click()
    assert await editor.menu_names() == ["수육", "물냉면"]
    await guesses.category("한식").click()
    await expect(guesses.category("한식")).to_have_count(0)
    kind = editor.form.get_by_test_id("category").get_by_role("button", name="한식")
    await expect(kind).to_have_attribute("aria-pressed", "true")
    await guesses.more("<b>만두</b>").click()
    assert await editor.menu_names() == ["수육", "물냉면", "<b>만두</b>"]
    await expect(guesses.panel).to_be_hidden()
