"""Twenty people in one voice room, three of them in browsers: six are heard, every vote counts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.pages.parties import Arrive
from tests.browser.pages.room import Room
from tests.browser.pages.visitor import PHONE
from tests.browser.pages.voice import Voice
from tests.clients.guest import Guest
from tests.clients.talker import LOUD, SILENT, SLOTS, Talker
from tests.clients.waiting import eventually

pytestmark = pytest.mark.load

LIGHT = 17
PLACES = ("을지면옥", "금돼지식당", "골목 카페", "우래옥", "명동교자")


class Crowd:
    """The seventeen without browsers: each has a socket in the room and a voice."""

    def __init__(self) -> None:
        self.guests: list[Guest] = []
        self.talkers: list[Talker] = []

    async def join(self, url: str, room: str) -> None:
        self.guests = [Guest(url, f"손님 {number}") for number in range(LIGHT)]
        await asyncio.gather(*(guest.become_guest() for guest in self.guests))
        await asyncio.gather(*(guest.join(room) for guest in self.guests))
        self.talkers = [Talker(guest, level=SILENT) for guest in self.guests]
        await asyncio.gather(*(talker.join() for talker in self.talkers))

    def let_speak(self, chosen: slice) -> list[str]:
        """These, and nobody else; their ids."""
        for talker in self.talkers:
            talker.level = SILENT
        for talker in self.talkers[chosen]:
            talker.level = LOUD
        return [talker.guest.id for talker in self.talkers[chosen]]

    async def close(self) -> None:
        for talker in self.talkers:
            await talker.close()
        for guest in self.guests:
            await guest.close()


@pytest.fixture
async def crowd() -> AsyncIterator[Crowd]:
    made = Crowd()
    yield made
    await made.close()


async def test_twenty_people_talk_and_vote(
    server: Callable[..., Any], arrive: Arrive, crowd: Crowd
) -> None:
    here = server(WAGU_RATE_LIMITS="off")
    host, *others = [await arrive(here, name, PHONE) for name in ("지민", "하늘", "바다")]
    await host.become_member()
    link = await host.create_share_map("스무 명")
    pages = [await Room.enter(each, link) for each in (host, *others)]
    voices = [Voice(page) for page in pages]
    for voice in voices:
        await voice.join()
        await voice.mute()
    room = link.replace(f"{here.url}/", "")
    await crowd.join(here.url, room)
    for page in pages:
        await expect(page.people.get_by_role("listitem")).to_have_count(LIGHT + len(pages))

    await only_speakers_are_heard(crowd, voices, slice(0, SLOTS))
    await only_speakers_are_heard(crowd, voices, slice(8, 8 + SLOTS))
    await all_vote_at_once(crowd, pages)


async def only_speakers_are_heard(crowd: Crowd, voices: list[Voice], chosen: slice) -> None:
    """Six speak: every page has exactly them in its six slots, and hears each of them."""
    speakers = crowd.let_speak(chosen)
    for voice in voices:
        await voice.has_in_its_slots(*speakers)
        await voice.hears(*speakers)
        await voice.keeps_hearing(*speakers)
    silent = next(talker for talker in crowd.talkers if talker.level == SILENT)
    await eventually(lambda: sits(silent, speakers), "one of the silent hears the speakers")
    await silent.hears(SLOTS)


async def sits(talker: Talker, speakers: list[str]) -> bool:
    return set(talker.slots) == set(speakers)


async def all_vote_at_once(crowd: Crowd, pages: list[Room]) -> None:
    """Person i votes for places 0 … i mod 5, so that every count is another one."""
    nominees = {}
    for name in PLACES:
        asked = {"type": "nominate", "name": name, "at": [37.56, 126.99]}
        told = await crowd.guests[0].ask("ballot", **asked)
        nominees = {each["name"]: each["id"] for each in told["ballot"]["nominees"]}
    for page in pages:
        await page.sees_nominees(*PLACES)

    ballots = [PLACES[: number % len(PLACES) + 1] for number in range(LIGHT + len(pages))]
    votes = [
        guest.send(type="vote", nominee=nominees[name], on=True)
        for guest, choice in zip(crowd.guests, ballots, strict=False)
        for name in choice
    ]
    clicks = [page.vote(*choice) for page, choice in zip(pages, ballots[LIGHT:], strict=True)]
    await asyncio.gather(*votes, *clicks)
    await asyncio.gather(
        *(each.send(type="done", on=True) for each in crowd.guests),
        *(page.done() for page in pages),
    )

    expected = {name: str(sum(name in choice for choice in ballots)) for name in PLACES}
    for result in await asyncio.gather(*(page.sees_result() for page in pages)):
        assert result.counts == expected
        assert result.winners == [PLACES[0]]
