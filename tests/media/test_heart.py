"""A heart that beats in time for somebody, and seldom for nobody."""

from __future__ import annotations

import asyncio

import pytest

from media import heart
from media.heart import Heart


class Body:
    def __init__(self) -> None:
        self.beats = 0
        self.in_use = False
        self.beaten = asyncio.Event()
        self.heart = Heart(self.beat, lambda: self.in_use)

    def beat(self) -> None:
        self.beats += 1
        self.beaten.set()

    async def until_it_beats(self) -> None:
        self.beaten.clear()
        await asyncio.wait_for(self.beaten.wait(), 10)


async def test_it_rests_until_it_is_woken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heart, "REST", 3600.0)
    body = Body()
    body.heart.start()
    await asyncio.sleep(2 * heart.BEAT)
    assert body.beats == 0
    body.in_use = True
    body.heart.wake()
    await body.until_it_beats()
    await body.until_it_beats()  # and goes on by itself
    await body.heart.stop()


async def test_it_beats_in_rest_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heart, "REST", 0.0)
    body = Body()
    body.heart.start()
    await body.until_it_beats()
    await body.heart.stop()


async def test_a_rest_follows_when_nobody_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heart, "REST", 3600.0)
    body = Body()
    body.in_use = True
    body.heart.start()
    await body.until_it_beats()
    body.in_use = False
    await body.until_it_beats()  # the one that was due
    beats = body.beats
    await asyncio.sleep(2 * heart.BEAT)
    assert body.beats == beats
    await body.heart.stop()


async def test_what_is_stopped_beats_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heart, "BEAT", 0.0)
    body = Body()
    body.in_use = True
    body.heart.start()
    await body.until_it_beats()
    await body.heart.stop()
    beats = body.beats
    await asyncio.sleep(0)
    await body.heart.stop()
    assert body.beats == beats
