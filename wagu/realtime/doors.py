"""Who may enter a room, and what is read from the stores to open it: one door per kind of room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from wagu.domain.ballot import Mine
from wagu.domain.live import Live, LiveState, live_id
from wagu.domain.person import PersonId
from wagu.domain.turn import Turn
from wagu.ephemeral.ballots import Ballots
from wagu.ephemeral.banned import BanList, Visitor
from wagu.ephemeral.chats import Chats
from wagu.ephemeral.guest_list import GuestList
from wagu.ephemeral.share_maps import ShareMap, ShareMaps
from wagu.errors import Forbidden, Gone, Unauthenticated
from wagu.media_backend.base import MediaBackend, RoomKey
from wagu.realtime import messages as m
from wagu.realtime.live_room import LiveRoom
from wagu.realtime.lives import LiveRows
from wagu.realtime.map_room import MapRoom
from wagu.realtime.room import Room, SocketId, people_in


class Visit(Protocol):
    """Someone who was let in. `open` makes the room if nobody is there yet."""

    @property
    def host(self) -> bool: ...

    async def open(self) -> Room: ...

    def joined(self, room: Room, socket: SocketId, now: float) -> m.Joined: ...


class Door(Protocol):
    async def admit(self, visitor: Visitor, name: str) -> Visit:
        """`name` is what follows the kind in a room's key. Raises why not."""


# --------------------------------------------------------------------------------------------- maps


class MapDoor:
    def __init__(
        self,
        share_maps: ShareMaps,
        chats: Chats,
        ballots: Ballots,
        bans: BanList,
        turn: Turn,
    ) -> None:
        self.turn = turn
        self._share_maps = share_maps
        self._chats = chats
        self._ballots = ballots
        self._bans = bans

    async def admit(self, visitor: Visitor, name: str) -> MapVisit:
        """Errors: auth.required, share_map.unknown, .expired, .ended, .account_required,
        room.banned, room.network_banned."""
        person = visitor.person
        share_map = await self._share_maps.get(name)
        if person.kind == "viewer":
            raise Unauthenticated("auth.required", "이름을 정하면 들어올 수 있어요.")
        if share_map.require_account and person.kind != "member":
            raise Forbidden("share_map.account_required", "계정이 있어야 들어올 수 있는 지도예요.")
        key = RoomKey(f"map/{name}")
        await self._bans.check(key, visitor)
        share_map = await self._share_maps.touch(name)
        mine = await self._ballots.mine(key, person.id)
        return MapVisit(self, key, share_map, person.id, mine, host=share_map.host.id == person.id)

    async def open(self, key: RoomKey, share_map: ShareMap) -> MapRoom:
        await self.touch(key)
        chat = await self._chats.recent(key)
        return MapRoom(key, share_map, chat, await self._ballots.view(key))

    async def touch(self, key: RoomKey) -> None:
        """What is kept of a room lives as long as its map."""
        await self._chats.touch(key)
        await self._ballots.touch(key)
        await self._bans.touch(key)


@dataclass(frozen=True, slots=True)
class MapVisit:
    door: MapDoor
    key: RoomKey
    share_map: ShareMap
    person: PersonId
    mine: Mine
    host: bool

    async def open(self) -> MapRoom:
        return await self.door.open(self.key, self.share_map)

    def joined(self, room: Room, socket: SocketId, now: float) -> m.Joined:
        assert isinstance(room, MapRoom)  # its key says so
        room.share_map = self.share_map
        return room.joined(socket, self.mine, now, self.door.turn.servers(self.person, now))


# -------------------------------------------------------------------------------------------- lives


class LiveDoor:
    def __init__(
        self,
        rows: LiveRows,
        chats: Chats,
        bans: BanList,
        guests: GuestList,
        media: MediaBackend,
    ) -> None:
        self._rows = rows
        self._chats = chats
        self._bans = bans
        self._guests = guests
        self._media = media

    async def admit(self, visitor: Visitor, name: str) -> LiveVisit:
        """Anyone may watch, but not across a block. Errors: live.unknown, live.ended, room.banned,
        room.network_banned."""
        person = visitor.person
        live = await self._rows.seen(live_id(name), person.member_id)
        if live.state is LiveState.ENDED:
            raise Gone("live.ended", "끝난 방송이에요.")
        key = RoomKey(f"live/{name}")
        await self._bans.check(key, visitor)
        return LiveVisit(self, key, live, host=live.host.id == person.id)

    async def is_over(self, key: RoomKey) -> bool:
        """Also where nobody told us: a node that is cut off for a moment misses what happens."""
        live = await self._rows.get(live_id(key.removeprefix("live/")))
        return live.state is LiveState.ENDED

    async def touch(self, key: RoomKey) -> None:
        """What is kept of a room lives as long as somebody is in it."""
        await self._chats.touch(key)
        await self._bans.touch(key)
        await self._guests.touch(key)

    async def open(self, key: RoomKey, live: Live) -> LiveRoom:
        await self.touch(key)
        chat, guests = await self._chats.recent(key), await self._guests.all(key)
        return LiveRoom(key, live, chat, guests, people_in(self._media.on_stage(key)))


@dataclass(frozen=True, slots=True)
class LiveVisit:
    door: LiveDoor
    key: RoomKey
    live: Live
    host: bool

    async def open(self) -> LiveRoom:
        return await self.door.open(self.key, self.live)

    def joined(self, room: Room, socket: SocketId, now: float) -> m.Joined:
        assert isinstance(room, LiveRoom)  # its key says so
        return room.joined(socket, now)
