"""Rooms full of people, made the short way, for tests that are about something else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from tests.browser.pages.room import Room
from tests.browser.pages.visitor import PHONE, Visitor
from tests.browser.pages.voice import Voice

HOST, SKY, SEA = "지민", "하늘", "바다"
NOODLES, PORK = "을지면옥", "금돼지식당"

Arrive = Callable[..., Awaitable[Visitor]]


async def three_friends(arrive: Arrive, server: Any) -> tuple[Room, Room, Room]:
    """A member on a desktop and two guests, one on a phone, in one room; two places are known."""
    host, sky, sea = await asyncio.gather(
        arrive(server, HOST), arrive(server, SKY), arrive(server, SEA, PHONE)
    )
    await host.become_member()
    await host.add_place(NOODLES, 37.5662, 126.9915, "한식")
    await host.add_place(PORK, 37.5571, 127.0115, "한식")
    link = await host.create_share_map("금요일 저녁")
    await asyncio.gather(sky.become_guest(), sea.become_guest())
    rooms = await asyncio.gather(*(Room.enter(each, link) for each in (host, sky, sea)))
    return rooms[0], rooms[1], rooms[2]


class Conversation:
    """People of one room who talk."""

    def __init__(self, voices: list[Voice], ids: list[str]) -> None:
        self.voices = voices
        self.ids = ids

    @classmethod
    async def among(cls, *rooms: Room) -> Conversation:
        """Everybody joins the voice, and hears all others."""
        talk = cls([Voice(room) for room in rooms], [await room.my_id() for room in rooms])
        await asyncio.gather(*(voice.join() for voice in talk.voices))
        await talk.everyone_hears_everyone()
        return talk

    async def everyone_hears_everyone(self) -> None:
        await asyncio.gather(*(voice.hears(*ids) for voice, ids in self._others()))

    async def goes_on(self) -> float:
        """Until everyone keeps hearing everyone; that moment."""
        moments = [voice.keeps_hearing(*ids) for voice, ids in self._others()]
        return max(await asyncio.gather(*moments))

    def _others(self) -> list[tuple[Voice, list[str]]]:
        return [
            (voice, [each for each in self.ids if each != own])
            for voice, own in zip(self.voices, self.ids, strict=True)
        ]
