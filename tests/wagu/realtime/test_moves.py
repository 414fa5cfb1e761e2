"""In which order, and over how much time, those who are in a node's rooms are told to move."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, cast

import pytest

from wagu.domain.live import Host, Live, LiveId, LiveState
from wagu.domain.person import Person, PersonId
from wagu.media_backend.base import RoomKey
from wagu.realtime.live_room import LiveRoom
from wagu.realtime.moves import LONGEST_PAUSE, Moves


@dataclass(eq=False)
class Told:
    """A client that notes when it is told."""

    room: object
    log: list[Told]
    person: Person = field(default_factory=lambda: Person(PersonId("g_1"), "guest", "하늘"))

    async def _closed(self) -> None: ...

    def close(self, code: int, reason: str, *, within: float) -> Any:
        assert (code, reason) == (1012, "moved")
        assert within > 0
        self.log.append(self)
        return self._closed()


class Crowd:
    def __init__(self) -> None:
        self.log: list[Told] = []
        self.all: list[Told] = []

    def add(self, room: object, count: int) -> None:
        self.all += [Told(room, self.log) for _ in range(count)]

    def clients(self) -> list[Told]:
        return self.all

    async def move(self, within: float) -> list[object]:
        """The rooms, in the order in which their people are told."""
        moves = Moves(cast("Any", self), cast("Any", None))
        await moves.out_of_here(within)
        assert moves.leaving
        return [told.room for told in self.log]


@pytest.fixture
def crowd() -> Crowd:
    return Crowd()


async def test_those_of_one_room_go_together(crowd: Crowd) -> None:
    for _ in range(3):  # not in the order in which they came
        for room in "abcd":
            crowd.add(room, 1)
    told = await crowd.move(0.0)
    assert len(told) == 12
    assert len([1 for one, after in pairwise(told) if one != after]) == 3


async def test_who_sends_a_live_goes_before_all(crowd: Crowd) -> None:
    host = Person(PersonId("m_1"), "member", "유나")
    live = Live(
        LiveId("x"),
        "",
        Host(host.id, host.name, "yuna", None),
        None,
        LiveState.ON_AIR,
        1.0,
        1.0,
        None,
        0,
    )
    crowd.add("a", 5)
    crowd.add(LiveRoom(RoomKey("live/x"), live, []), 2)
    crowd.all[-1].person = host
    await crowd.move(0.0)
    assert crowd.log[0].person == host


async def test_few_are_told_at_once_and_many_within_the_time(crowd: Crowd) -> None:
    loop = asyncio.get_running_loop()
    crowd.add("a", 5)
    begun = loop.time()
    await crowd.move(10.0)
    assert loop.time() - begun < 10.0 / 2, f"{5 * LONGEST_PAUSE} s are enough"
