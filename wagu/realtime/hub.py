"""Where everything of the realtime side meets: handlers by message type, the bus, the heartbeat."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

import structlog

from wagu.bus import (
    Bus,
    LiveEnded,
    LiveStateChanged,
    PersonBlocked,
    PersonRenamed,
    SessionEnded,
    ShareMapEnded,
    ViewersChanged,
)
from wagu.cluster.ownership import Alone, Ownership
from wagu.cluster.ways import Ways
from wagu.domain.person import PersonId
from wagu.domain.turn import Turn
from wagu.ephemeral.ballots import Ballots
from wagu.ephemeral.banned import BanList
from wagu.ephemeral.chats import Chats
from wagu.ephemeral.guest_list import GuestList
from wagu.ephemeral.sessions import Sessions
from wagu.ephemeral.share_maps import ShareMaps
from wagu.errors import Gone, NotFound, Unavailable, WaguError
from wagu.media_backend.base import LayersWanted, MediaBackend, MediaEvent, RoomKey
from wagu.realtime import messages as m
from wagu.realtime.background import Background
from wagu.realtime.ballot import BallotDesk
from wagu.realtime.chat import ChatDesk
from wagu.realtime.client import SHUTDOWN, SIGNED_OUT, Client, Handler
from wagu.realtime.delivery import Delivery
from wagu.realtime.doors import Door, LiveDoor, MapDoor
from wagu.realtime.live_room import LiveRoom
from wagu.realtime.lives import LiveRows, Lives
from wagu.realtime.looking import LookDesk
from wagu.realtime.map_room import MapRoom
from wagu.realtime.moderation import ModerationDesk
from wagu.realtime.moves import Moves
from wagu.realtime.passage import Passages
from wagu.realtime.pictures import Pictures
from wagu.realtime.places import PlaceLookup, Places
from wagu.realtime.room import Room, SocketId, ToPerson, people_in
from wagu.realtime.rooms import Rooms
from wagu.realtime.stage import StageDesk
from wagu.realtime.voice import VoiceDesk

log = structlog.get_logger("wagu.realtime.hub")

HEARTBEAT = 0.5
TOUCH_EVERY = 30.0
CLOSE_WITHIN = 1.0
CATCH_UP_EVERY = 1.0


class Hub:
    def __init__(
        self,
        *,
        sessions: Sessions,
        share_maps: ShareMaps,
        chats: Chats,
        ballots: Ballots,
        bans: BanList,
        guests: GuestList,
        lives: LiveRows,
        places: PlaceLookup,
        media: MediaBackend,
        turn: Turn,
        bus: Bus,
        ownership: Ownership | None = None,
        ways: Ways | None = None,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        encode: Callable[[m.ServerMessage], bytes] = m.encode,
    ) -> None:
        self.sessions = sessions
        self.monotonic = monotonic
        self._share_maps = share_maps
        self._chats = chats
        self._ballots = ballots
        self._bans = bans
        self._guests = guests
        self._media = media
        self._bus = bus
        self._clock = clock
        self._ownership = ownership or Alone()
        self._passages = Passages(self._ownership, ways, monotonic)
        self._numbers = itertools.count(1)
        self._touched: dict[RoomKey, float] = {}
        self._heart: asyncio.Task[None] | None = None

        self._background = Background()
        self.delivery = Delivery(monotonic, encode)
        self._map_door = MapDoor(share_maps, chats, ballots, bans, turn)
        self._live_door = LiveDoor(lives, chats, bans, guests, media)
        doors: dict[str, Door] = {"map": self._map_door, "live": self._live_door}
        self.rooms = Rooms(doors, self.delivery, clock, self._changed)
        self.moves = Moves(self.delivery, media)
        self._lives = Lives(lives, bus, self._background, self._ownership, clock)
        self._pictures = Pictures(media, bus)
        self._ballot = BallotDesk(ballots, Places(places, clock), self.delivery, self._background)
        self._voice = VoiceDesk(media, self.delivery, self.rooms.get)
        self._stage = StageDesk(guests, media, self.delivery, self._background, self.rooms.get)
        moderation = ModerationDesk(
            self.rooms, self._voice, self._stage, bans, chats, media, self.delivery, clock
        )
        self.looking = LookDesk(self.delivery, monotonic)
        self._handlers: Mapping[type[m.ClientMessage], Handler] = {
            m.Ping: self._ping,
            m.Join: self._join,
            m.Leave: self._leave,
            **self.looking.handlers,
            **ChatDesk(chats, self.delivery, clock).handlers,
            **self._ballot.handlers,
            **self._voice.handlers,
            **moderation.handlers,
            **self._stage.handlers,
        }

    # -------------------------------------------------------------------------------- start and end

    async def start(self) -> None:
        """After the stores and the media backend."""
        self._media.listen(self._on_media)
        self._bus.subscribe(ShareMapEnded, self._on_share_map_ended)
        self._bus.subscribe(LiveEnded, self._on_live_ended)
        self._bus.subscribe(LiveStateChanged, self._on_live_state)
        self._bus.subscribe(PersonBlocked, self._on_blocked)
        self._bus.subscribe(PersonRenamed, self._on_renamed)
        self._bus.subscribe(SessionEnded, self._on_session_ended)
        await self._lives.adopt()
        self._heart = asyncio.create_task(self._beat())

    async def close(self) -> None:
        """Before the stores and the media backend. Every socket is told 1001."""
        if self._heart is not None:
            self._heart.cancel()
            await asyncio.gather(self._heart, return_exceptions=True)
        closing = [
            client.close(SHUTDOWN, "shutdown", within=CLOSE_WITHIN)
            for client in self.delivery.clients()
        ]
        await asyncio.gather(*closing, return_exceptions=True)
        self.delivery.close()
        await self._background.close()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT)
            try:
                self.tick(self.monotonic())
            except Exception:
                log.exception("x failed", what="heartbeat")

    def tick(self, now: float) -> None:
        """Whatever happens because time passes. `now` is monotonic."""
        for client in self.delivery.clients():
            client.tick(now)
        for room in self.rooms.tick(now):
            self._closed(room)
        for room in self.rooms.all():
            if room.present() and now - self._touched.setdefault(room.key, now) >= TOUCH_EVERY:
                self._touched[room.key] = now
                self._background.spawn("touch room", self._touch(room))
        self._lives.tick(self._clock())
        self._pictures.tick()

    async def settle(self) -> None:
        """Until everything that was started in the background has ended."""
        await self._background.settle()

    def stats(self) -> dict[str, Any]:
        rooms = self.rooms.all()
        return {
            "sockets": len(self.delivery.clients()),
            "map_rooms": sum(isinstance(room, MapRoom) for room in rooms),
            "live_rooms": sum(isinstance(room, LiveRoom) for room in rooms),
            "people": sum(room.size for room in rooms),
        }

    def people(self) -> dict[str, int]:
        """How many are in each room that is open here."""
        return {room.key: room.size for room in self.rooms.all()}

    # -------------------------------------------------------------------------------------- sockets

    def next_socket(self) -> SocketId:
        return SocketId(f"s{next(self._numbers)}")

    async def receive(self, client: Client, frame: str) -> None:
        """One text frame. Answers errors, raises none."""
        try:
            message = m.decode(frame)
        except m.Malformed as wrong:
            log.debug("x dropped: malformed", peer=client.id, room=client.where, reason=str(wrong))
            self.refuse(client, "message.malformed", "이해할 수 없는 메시지예요.", wrong.n)
            return
        try:
            if client.passage is not None and not isinstance(message, m.Join):
                await client.passage.send(frame)
                return
            await self._handlers[type(message)](client, message)
        except WaguError as error:
            self.refuse(client, error.code, error.message, message.n)
        except Exception:
            log.exception(
                "x failed", peer=client.id, room=client.where, what=type(message).__name__
            )
            self.refuse(client, "server.error", "서버에 문제가 생겼어요.", message.n)

    def refuse(self, client: Client, code: str, message: str, n: int | None = None) -> None:
        error = m.Error(code, message) if n is None else m.Error(code, message, n)
        self.delivery.send(client, error)

    async def disconnected(self, client: Client) -> None:
        self.delivery.remove(client)
        await client.pass_through(None)
        if self.moves.leaving and client.room is not None:
            self._voice.let_linger(client, client.room)
        try:
            await self.rooms.leave(client, self._voice, lost_at=self.monotonic())
        finally:
            self._voice.forget(client.id)

    async def _ping(self, client: Client, _message: m.Ping) -> None:
        self.delivery.send(client, m.Pong(round(self._clock() * 1000)))

    async def _join(self, client: Client, message: m.Join) -> None:
        leave = partial(self.rooms.leave, client, self._voice)
        if await self._passages.join(client, message, self.rooms.admit, leave):
            return
        await self.rooms.join(client, RoomKey(message.room), self._voice)
        await client.pass_through(None)
        if client.token is not None and client.person.kind == "guest":
            # Nobody waits for it: who is in is in, whatever the store says.
            self._background.spawn("keep session", self.sessions.keep(client.token))

    async def _leave(self, client: Client, _message: m.Leave) -> None:
        await self.rooms.leave(client, self._voice)

    # ---------------------------------------------------------------------------------------- rooms

    def _is_ours(self, room: Room) -> bool:
        """Else it is another's by now, and what is left of it here has nothing to tell."""
        return isinstance(self._ownership, Alone) or self._ownership.holds(room.key)

    def _changed(self, room: Room) -> None:
        if not self._is_ours(room):
            return
        if isinstance(room, MapRoom):
            self._ballot.consider(room)
        elif isinstance(room, LiveRoom):
            self._stage.consider(room)
            self._tell_viewers(room)

    def _tell_viewers(self, room: LiveRoom) -> None:
        effects = room.settle(self.monotonic())
        if not effects:
            return
        self.delivery.perform(room, effects)
        self._bus.publish(ViewersChanged(room.live.id, room.viewers))
        if room.takes_peak():
            peak = self._lives.record_peak(room.live.id, room.viewers)
            self._background.spawn("record peak", peak)

    def _closed(self, room: Room) -> None:
        self._touched.pop(room.key, None)
        if isinstance(room, LiveRoom) and self._is_ours(room):
            self._bus.publish(ViewersChanged(room.live.id, 0))

    async def _touch(self, room: Room) -> None:
        """Being in a room is use: it lives on, with all that is kept of it."""
        if not isinstance(room, MapRoom):
            if await self._live_door.is_over(room.key):
                self._end(room.key, "live.ended", "방송이 끝났어요.")
            else:
                await self._live_door.touch(room.key)
            return
        try:
            room.share_map = await self._share_maps.touch(room.share_map.id)
        except (Gone, NotFound) as over:
            code = over.code if isinstance(over, Gone) else "share_map.expired"
            self._end(room.key, code, over.message)
            return
        await self._map_door.touch(room.key)

    def _end(self, key: RoomKey, code: str, message: str) -> None:
        self.rooms.end(key, code, message)
        self._touched.pop(key, None)
        self._background.spawn("clear room", self._clear(key))

    async def _clear(self, key: RoomKey) -> None:
        await self._media.close_room(key)
        await self._chats.forget(key)
        await self._ballots.forget(key)
        await self._bans.forget(key)
        await self._guests.forget(key)

    def is_used(self, key: RoomKey) -> bool:
        """Whether people are in it here, or media is."""
        return self.rooms.get(key) is not None or self._media.has_room(key)

    async def move_out(self, key: RoomKey) -> None:
        """The room is another node's."""
        self._touched.pop(key, None)
        await self.moves.out_of(self.rooms.drop(key), key)

    async def adopt(self) -> None:
        """Lives that were on a node that is gone."""
        await self._lives.adopt()

    async def catch_up(self) -> None:
        """Something may have happened of which this node was not told. Until all was looked at: a
        store that is just back may go once more."""
        while True:
            try:
                await self._sign_out(self.delivery.clients())
                for room in self.rooms.all():
                    await self._touch(room)
            except Unavailable:
                await asyncio.sleep(CATCH_UP_EVERY)
            else:
                return

    # -------------------------------------------------------------------------- what others tell us

    def _on_media(self, event: MediaEvent) -> None:
        self._voice.on_media(event)
        self._lives.on_media(event)
        self._pictures.on_media(event)
        self._stage.on_media(event)
        if isinstance(event, LayersWanted):
            room = self.rooms.get(event.room)
            (sender,) = people_in([event.peer])
            if isinstance(room, LiveRoom) and sender is not None:
                layers = m.Layers(list(event.rids))
                self.delivery.perform(room, [ToPerson(PersonId(sender), layers)])

    def _on_share_map_ended(self, event: ShareMapEnded) -> None:
        self._end(RoomKey(f"map/{event.id}"), "share_map.ended", "방장이 지도를 닫았어요.")

    def _on_live_ended(self, event: LiveEnded) -> None:
        self._end(RoomKey(f"live/{event.id}"), "live.ended", "방송이 끝났어요.")

    def _on_live_state(self, event: LiveStateChanged) -> None:
        room = self.rooms.get(f"live/{event.id}")
        if isinstance(room, LiveRoom):
            room.set_state(event.state)
            self._tell_viewers(room)

    def _on_blocked(self, event: PersonBlocked) -> None:
        """Whoever watches the other's live is shown out of it."""
        why = m.Ended("live.unknown", "없는 방송이에요.")
        for room in self.rooms.all():
            if not isinstance(room, LiveRoom):
                continue
            for host, viewer in ((event.by, event.whom), (event.whom, event.by)):
                if room.host == host and room.person(viewer) is not None:
                    self.rooms.show_out(room, viewer, why)

    def _on_renamed(self, event: PersonRenamed) -> None:
        for client in self.delivery.clients():
            if client.person.id == event.person.id:
                client.person = event.person
        for room in self.rooms.all():
            self.delivery.perform(room, room.rename(event.person))

    def _on_session_ended(self, event: SessionEnded) -> None:
        theirs = [each for each in self.delivery.clients() if each.person.id == event.person_id]
        self._background.spawn("end sockets", self._sign_out(theirs))

    async def _sign_out(self, clients: Iterable[Client]) -> None:
        """A person may have other sessions: only sockets without one are closed."""
        for client in clients:
            if client.token is not None and await self.sessions.resolve(client.token) is None:
                await self.rooms.leave(client, self._voice)
                client.close(SIGNED_OUT, "signed out")
