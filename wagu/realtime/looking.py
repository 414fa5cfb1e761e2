"""Looking around a shared map: the pointer and the viewport of each person."""

from __future__ import annotations

from collections.abc import Mapping

from wagu.realtime import messages as m
from wagu.realtime.client import Client, Handler
from wagu.realtime.delivery import Delivery
from wagu.realtime.map_room import as_map


class LookDesk:
    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery
        self.handlers: Mapping[type[m.ClientMessage], Handler] = {m.Look: self._look}

    async def _look(self, client: Client, message: m.Look) -> None:
        room = as_map(client.room)
        room.presence.look(client.person.id, view=message.view, at=message.at)
        self._delivery.presence_changed(room)
