"""An endpoint that is a fake server, and ways to ask it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from tests.fakes.openai import FakeOpenAI, fake_openai
from wagu.ai.drafts import Drafts
from wagu.ai.service import Service
from wagu.domain.draft import Brief, Dish, Language, Tone, meal_of
from wagu.domain.post import Category

KEY = "sk-test-0123456789abcdef"


@pytest.fixture
async def fake() -> AsyncIterator[FakeOpenAI]:
    async with fake_openai() as fake:
        yield fake


@pytest.fixture
async def drafts_with(fake: FakeOpenAI) -> AsyncIterator[Callable[..., Any]]:
    """Open drafts on the fake: `await drafts_with(vision=True)`."""
    async with AsyncExitStack() as stack:

        async def make(**changes: Any) -> Drafts:
            values = {"base_url": fake.url, "model": "test-model", "api_key": KEY, "timeout": 20.0}
            drafts = Drafts(Service(**{**values, **changes}))
            await drafts.start()
            stack.push_async_callback(drafts.close)
            return drafts

        yield make


@pytest.fixture
async def drafts(drafts_with: Callable[..., Any]) -> Drafts:
    made: Drafts = await drafts_with()
    return made


@pytest.fixture
def brief() -> Callable[..., Brief]:
    def make(words: str = "국물이 시원했다", **changes: Any) -> Brief:
        dishes = [Dish("물냉면", 12_000), Dish("수육", None)]
        meal = meal_of("을지면옥", Category.KOREAN, dishes, words)
        return Brief(**{"meal": meal, "tone": Tone.RECORD, "language": Language.KOREAN, **changes})

    return make
