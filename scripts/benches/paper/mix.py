"""Who is there: rooms of all sorts for so many nodes, and how busy their people are.

These are assumptions, not measurements; whoever plans for others changes them here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

Sort = Literal["voice", "map", "live"]


@dataclass(frozen=True, slots=True)
class Sized:
    """Rooms of a sort for `people` each (of a live: viewers, beside its host); `per_node` may be a
    fraction."""

    sort: Sort
    people: int
    per_node: float


MIX = (
    Sized("voice", 4, 4),
    Sized("map", 10, 8),
    Sized("live", 10, 0.5),
    Sized("live", 100, 0.05),
    Sized("live", 1000, 0.01),
)


@dataclass(frozen=True, slots=True)
class Room:
    key: str
    sort: Sort
    people: int

    @property
    def sockets(self) -> int:
        return self.people + (self.sort == "live")


STAYS = 1800.0
"""Seconds that somebody is in a room."""
REQUESTS = 20
"""Over HTTP that somebody makes meanwhile, to any node: pages, answers, photos."""
MOVERS = 0.2
"""Of a map's people, who move their pointer all the time; the others get it,"""
TICKS = 20.0
"""so often a second."""
MAP_CHAT, LIVE_CHAT = 1 / 120, 1 / 300
"""Lines a second of each person."""
VOTES = 1 / 60
"""A second, of each person in a map."""
SPEAKING_PACKETS = 50.0
"""A second; nobody is silent, and everybody hears everybody."""
LIVE_PACKETS = 350.0
LIVE_BYTES = 300 * (1000 + 56) + 50 * (100 + 56)
"""A second: a picture of 2.4 Mbit/s and a sound, with what RTP, SRTP, UDP and IP add."""
WEBRTC_MAX = 200
"""Viewers of one live, as WAGU_HLS_AFTER has it by default; the others have HLS by a cache."""
PICTURES = 0.1
"""A second, of each live on air, as WAGU_SNAPSHOTS has it by default."""


def rooms(nodes: int, mix: Sequence[Sized], chance: Random) -> list[Room]:
    """In the order in which they are opened."""
    made = [
        Room(
            f"{'live' if each.sort == 'live' else 'map'}/{each.people}-{n}", each.sort, each.people
        )
        for each in mix
        for n in range(round(each.per_node * nodes))
    ]
    chance.shuffle(made)
    return made
