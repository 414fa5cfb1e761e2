"""Everybody out: a room went to another node, or this one stops. Clients come back and find it."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict

from wagu.media_backend.base import MediaBackend, RoomKey
from wagu.realtime.client import MOVED, Client
from wagu.realtime.delivery import Delivery
from wagu.realtime.live_room import LiveRoom
from wagu.realtime.room import Room

CLOSE_WITHIN = 1.0
LONGEST_PAUSE = 0.02
"""Seconds from one to the next: a few people need not wait for each other."""


class Moves:
    def __init__(self, delivery: Delivery, media: MediaBackend) -> None:
        self._delivery = delivery
        self._media = media
        self.leaving = False
        """Whether this node is about to stop, and takes in nobody more."""

    async def out_of(self, room: Room | None, key: RoomKey) -> None:
        """The room is another node's, and nobody is left in the one that was here."""
        for client in [] if room is None else self._delivery.clients_in(room):
            client.room = None
            client.close(MOVED, "moved")
        await self._media.close_room(key)

    async def out_of_here(self, within: float) -> None:
        """Everybody, spread over that many seconds at most; who sends a live goes first, as others
        wait for its picture, and who talks with each other goes together. Until all sockets are
        closed. Media stays until it is left."""
        self.leaving = True
        clients = list(self._delivery.clients())
        order: dict[Room | Client, float] = defaultdict(random.random)
        clients.sort(key=lambda client: (not _hosts_live(client), order[client.room or client]))
        pause = min(within / max(1, len(clients)), LONGEST_PAUSE)
        closing = []
        for client in clients:
            closing.append(client.close(MOVED, "moved", within=CLOSE_WITHIN))
            await asyncio.sleep(pause)
        await asyncio.gather(*closing, return_exceptions=True)


def _hosts_live(client: Client) -> bool:
    return isinstance(client.room, LiveRoom) and client.room.host == client.person.id
