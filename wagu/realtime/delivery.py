"""The thin edge between rooms and sockets: each message is encoded once, for all who get it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from wagu.realtime import messages as m
from wagu.realtime.client import Client
from wagu.realtime.line import Frame, text_frame
from wagu.realtime.map_room import MapRoom
from wagu.realtime.room import Effect, Room, SocketId, ToAll


class Delivery:
    """Knows every open socket. Nothing here awaits, so nobody slow delays anybody."""

    def __init__(
        self,
        monotonic: Callable[[], float],
        encode: Callable[[m.ServerMessage], bytes] = m.encode,
    ) -> None:
        self._monotonic = monotonic
        self._encode = encode
        self._clients: dict[SocketId, Client] = {}
        self._ticks: dict[str, asyncio.TimerHandle] = {}

    # -------------------------------------------------------------------------------------- sockets

    def add(self, client: Client) -> None:
        self._clients[client.id] = client

    def remove(self, client: Client) -> None:
        self._clients.pop(client.id, None)

    def client(self, socket: SocketId) -> Client | None:
        return self._clients.get(socket)

    def clients(self) -> tuple[Client, ...]:
        """A snapshot."""
        return tuple(self._clients.values())

    def clients_in(self, room: Room) -> list[Client]:
        """A snapshot."""
        return [self._clients[socket] for socket in room.sockets() if socket in self._clients]

    # ------------------------------------------------------------------------------------- messages

    def encode(self, message: m.ServerMessage) -> Frame:
        return text_frame(self._encode(message))

    def send(self, client: Client, message: m.ServerMessage) -> None:
        client.send(self.encode(message))

    def perform(self, room: Room, effects: Iterable[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, ToAll):
                sockets = room.sockets()
                but = effect.but
            else:
                sockets = room.sockets_of(effect.person)
                but = None
            frame = self.encode(effect.message)
            for socket in sockets:
                client = self._clients.get(socket)
                if client is not None and socket != but:
                    client.send(frame)

    # ------------------------------------------------------------------------------------- presence

    def presence_changed(self, room: MapRoom) -> None:
        """Tick now if the last tick is long enough ago, else as soon as it is."""
        if room.key in self._ticks:
            return
        due = room.presence.due()
        if due is None:
            return
        wait = max(0.0, due - self._monotonic())
        loop = asyncio.get_running_loop()
        self._ticks[room.key] = loop.call_later(wait, self._tick, room)

    def _tick(self, room: MapRoom) -> None:
        del self._ticks[room.key]
        people = room.presence.tick(self._monotonic())
        if not people:
            return
        frame = self.encode(m.Presence(people))
        for client in self.clients_in(room):
            straight = client.line.straight
            if straight is None:
                client.send_presence(people, frame)
            else:
                straight(frame)

    def close(self) -> None:
        for tick in self._ticks.values():
            tick.cancel()
        self._ticks.clear()
