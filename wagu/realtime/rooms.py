"""The rooms that are open, by key: opened once, entered, left, ended. Knows no message types."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

import structlog

from wagu.domain.person import PersonId
from wagu.ephemeral.banned import Visitor
from wagu.media_backend.base import RoomKey
from wagu.realtime import messages as m
from wagu.realtime.client import Client
from wagu.realtime.delivery import Delivery
from wagu.realtime.doors import Door, Visit
from wagu.realtime.room import Room, ToAll
from wagu.realtime.voice import VoiceDesk

log = structlog.get_logger("wagu.realtime.rooms")


class Rooms:
    """`changed` is called after people came or went."""

    def __init__(
        self,
        doors: Mapping[str, Door],
        delivery: Delivery,
        clock: Callable[[], float],
        changed: Callable[[Room], None],
    ) -> None:
        self._doors = doors
        self._delivery = delivery
        self._clock = clock
        self._changed = changed
        self._rooms: dict[str, Room] = {}
        self._opening: dict[str, asyncio.Task[None]] = {}
        self._endings = 0

    def get(self, key: str) -> Room | None:
        return self._rooms.get(key)

    def all(self) -> tuple[Room, ...]:
        """A snapshot."""
        return tuple(self._rooms.values())

    # --------------------------------------------------------------------------------------- coming

    async def admit(self, visitor: Visitor, key: RoomKey) -> None:
        """Whether the door would let them in. Errors: those of the door."""
        kind, _, name = key.partition("/")
        await self._doors[kind].admit(visitor, name)

    async def join(self, client: Client, key: RoomKey, voice: VoiceDesk) -> None:
        """Errors: those of the door, room.full; then the client is where it was."""
        kind, _, name = key.partition("/")
        while True:
            endings = self._endings
            visit = await self._doors[kind].admit(client.visitor, name)
            room = await self._open(key, visit)
            if self._endings == endings and self._rooms.get(key) is room:
                break
            # A room ended, or somebody was sent away, while we read: ask again.
        effects = room.enter(client.id, client.person, host=visit.host)
        left = client.room if client.room is not room else None
        hung_up = left is not None and voice.silence(client, left)
        if left is not None:
            self._take_out(client, left, None)
        client.room = room
        log.info(
            "< join",
            peer=client.id,
            person=client.person.id,
            room=room.label,
            kind=kind,
            people=room.size,
        )
        self._delivery.send(client, visit.joined(room, client.id, self._clock()))
        self._delivery.perform(room, effects)
        self._changed(room)
        if left is not None and hung_up:
            await self._disconnect(client, left, voice)

    async def _disconnect(self, client: Client, room: Room, voice: VoiceDesk) -> None:
        """Logged, not answered: the client is in its new room, whatever became of the old voice."""
        try:
            await voice.disconnect(client, room)
        except Exception:
            log.exception("x failed", peer=client.id, room=room.label, what="disconnect voice")

    async def _open(self, key: RoomKey, visit: Visit) -> Room:
        """One room per key, read once, however many come at the same moment."""
        while (room := self._rooms.get(key)) is None:
            if key not in self._opening:
                self._opening[key] = asyncio.create_task(self._read(key, visit))
            await asyncio.shield(self._opening[key])
        return room

    async def _read(self, key: RoomKey, visit: Visit) -> None:
        try:
            self._rooms[key] = await visit.open()
        finally:
            del self._opening[key]

    # ---------------------------------------------------------------------------------------- going

    async def leave(
        self, client: Client, voice: VoiceDesk, *, lost_at: float | None = None
    ) -> None:
        """On purpose, or because the connection was lost at a moment. Idempotent."""
        room = client.room
        if room is None:
            return
        try:
            await voice.hang_up(client, room)
        finally:
            if client.room is room:  # it may have ended meanwhile
                self._take_out(client, room, lost_at)

    def _take_out(self, client: Client, room: Room, lost_at: float | None) -> None:
        client.room = None
        client.forget_presence()
        lost = lost_at is not None
        effects = room.leave(client.id) if lost_at is None else room.lose(client.id, lost_at)
        log.info("< leave", peer=client.id, person=client.person.id, room=room.label, lost=lost)
        self._delivery.perform(room, effects)
        self._changed(room)

    def end(self, key: str, code: str, message: str) -> None:
        """The room is over for everyone in it."""
        self._endings += 1
        room = self._rooms.pop(key, None)
        if room is None:
            return
        log.info("= room ended", room=room.label, code=code, people=room.size)
        self._delivery.perform(room, [ToAll(m.Ended(code, message))])
        for client in self._delivery.clients_in(room):
            client.room = None
            client.forget_presence()

    def drop(self, key: str) -> Room | None:
        """It goes on elsewhere. Who is just coming in is looked at once more by the door."""
        self._endings += 1
        return self._rooms.pop(key, None)

    def show_out(self, room: Room, person: PersonId, why: m.Ended) -> None:
        """A person is out of the room with all sockets, and knows why. Who is just coming in is
        looked at once more by the door."""
        self._endings += 1
        clients = [self._delivery.client(socket) for socket in room.sockets_of(person)]
        effects = room.expel(person)
        for client in filter(None, clients):
            client.room = None
            client.forget_presence()
            self._delivery.send(client, why)
        log.info("= shown out", person=person, room=room.label, code=why.code, sockets=len(clients))
        self._delivery.perform(room, effects)
        self._changed(room)

    def tick(self, now: float) -> list[Room]:
        """Those who were away too long are gone, and so are empty rooms, which are returned."""
        closed = []
        for room in self.all():
            effects = room.tick(now)
            self._delivery.perform(room, effects)
            if room.size == 0:
                del self._rooms[room.key]
                closed.append(room)
            else:
                self._changed(room)
        return closed
