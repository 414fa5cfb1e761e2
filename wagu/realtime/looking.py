"""Looking around a shared map: the pointer and the viewport of each person."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from wagu.realtime import messages as m
from wagu.realtime.client import Client, Handler
from wagu.realtime.delivery import Delivery
from wagu.realtime.map_room import MapRoom, as_map


class LookDesk:
    def __init__(self, delivery: Delivery, monotonic: Callable[[], float]) -> None:
        self._delivery = delivery
        self._monotonic = monotonic
        self.handlers: Mapping[type[m.ClientMessage], Handler] = {m.Look: self._look}

    def at_once(self, client: Client, text: bytearray) -> bool:
        """The short way of a look, without waiting for anything; False: nothing happened, and the
        long way shall judge this message. `text` may be anything; a client whose room is on another
        node has none here."""
        room = client.room
        if not isinstance(room, MapRoom) or not text.isascii():
            return False
        try:
            message = m.decode(text)
        except m.Malformed:
            return False
        now = self._monotonic()
        if type(message) is not m.Look or not client.flood.passes(now):
            return False
        client.heard(now)
        self._looked(client, room, message)
        return True

    async def _look(self, client: Client, message: m.Look) -> None:
        self._looked(client, as_map(client.room), message)

    def _looked(self, client: Client, room: MapRoom, message: m.Look) -> None:
        room.presence.look(client.person.id, view=message.view, at=message.at)
        self._delivery.presence_changed(room)
