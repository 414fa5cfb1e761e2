"""The thin edge between rooms and sockets: each message is encoded once, for all who get it."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterable
from weakref import WeakKeyDictionary

import structlog

from wagu.realtime import messages as m
from wagu.realtime.client import Client
from wagu.realtime.line import Frame, text_frame
from wagu.realtime.map_room import MapRoom
from wagu.realtime.room import Effect, Room, SocketId, ToAll

log = structlog.get_logger("wagu.realtime.delivery")

STEP = 0.005
"""Seconds. Ticks fall on multiples of it: one timer serves all rooms that are due, and a tick that
came late does not make the next one late."""


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
        self._inside: WeakKeyDictionary[Room, tuple[tuple[SocketId, ...], tuple[Client, ...]]]
        self._inside = WeakKeyDictionary()
        """Those of a room's last snapshot: to look all up anew takes a quarter of a tick."""
        self._ticks: dict[int, list[MapRoom]] = {}
        """Who is due, by the number of steps that the clock will have made."""
        self._planned: set[str] = set()

    # -------------------------------------------------------------------------------------- sockets

    def add(self, client: Client) -> None:
        self._clients[client.id] = client

    def remove(self, client: Client) -> None:
        self._clients.pop(client.id, None)
        if client.room is not None:
            self._inside.pop(client.room, None)

    def client(self, socket: SocketId) -> Client | None:
        return self._clients.get(socket)

    def clients(self) -> tuple[Client, ...]:
        """A snapshot."""
        return tuple(self._clients.values())

    def clients_in(self, room: Room) -> tuple[Client, ...]:
        """A snapshot."""
        sockets = room.sockets()
        known = self._inside.get(room)
        if known is not None and known[0] is sockets:
            return known[1]
        clients = self._found(sockets)
        self._inside[room] = sockets, clients
        return clients

    # ------------------------------------------------------------------------------------- messages

    def encode(self, message: m.ServerMessage) -> Frame:
        return text_frame(self._encode(message))

    def send(self, client: Client, message: m.ServerMessage) -> None:
        client.send(self.encode(message))

    def perform(self, room: Room, effects: Iterable[Effect]) -> None:
        for effect in effects:
            frame = self.encode(effect.message)
            if isinstance(effect, ToAll):
                clients, but = self.clients_in(room), effect.but
            else:
                clients, but = self._found(room.sockets_of(effect.person)), None
            for client in clients:
                if client.id != but:
                    client.send(frame)

    def _found(self, sockets: Iterable[SocketId]) -> tuple[Client, ...]:
        """Those of them that are open."""
        return tuple(self._clients[socket] for socket in sockets if socket in self._clients)

    # ------------------------------------------------------------------------------------- presence

    def presence_changed(self, room: MapRoom) -> None:
        """Tick at the next step if the last tick is long enough ago, else as soon as it is."""
        if room.key in self._planned:
            return
        due = room.presence.due()
        if due is None:
            return
        self._planned.add(room.key)
        now = self._monotonic()
        step = math.ceil(max(due, now) / STEP - 0.01)  # floats: a hair above a step is that step
        rooms = self._ticks.setdefault(step, [])
        if not rooms:
            wait = max(0.0, step * STEP - now)
            asyncio.get_running_loop().call_later(wait, self._tick_all, step)
        rooms.append(room)

    def _tick_all(self, step: int) -> None:
        for room in self._ticks.pop(step, ()):
            self._planned.discard(room.key)
            try:
                self._tick(room, step * STEP)
            except Exception:
                log.exception("x failed", room=room.label, what="tick")

    def _tick(self, room: MapRoom, now: float) -> None:
        people = room.presence.tick(now)
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
        self._ticks.clear()
        self._planned.clear()
