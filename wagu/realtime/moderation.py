"""What a host, or an admin, may do about the others in a room: mute, remove, ban, delete a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import structlog

from wagu.domain.ban import Ban, Bans
from wagu.domain.person import PersonId, PersonRef
from wagu.ephemeral.banned import BanList
from wagu.ephemeral.chats import Chats
from wagu.errors import Conflict, Forbidden, NotFound
from wagu.media_backend.base import MediaBackend
from wagu.realtime import messages as m
from wagu.realtime import states as s
from wagu.realtime.client import Client, Handler
from wagu.realtime.delivery import Delivery
from wagu.realtime.live_room import LiveRoom
from wagu.realtime.map_room import as_map
from wagu.realtime.room import Room, in_room
from wagu.realtime.rooms import Rooms
from wagu.realtime.stage import StageDesk
from wagu.realtime.voice import VoiceDesk

log = structlog.get_logger("wagu.realtime.moderation")

PEOPLE_TOLD = 100

REMOVED = m.Ended("room.removed", "방장이 내보냈어요. 다시 들어올 수 있어요.")
BANNED = m.Ended("room.banned", "방장이 내보냈어요. 이 방에는 다시 들어올 수 없어요.")


class ModerationDesk:
    def __init__(
        self,
        rooms: Rooms,
        voice: VoiceDesk,
        stage: StageDesk,
        bans: BanList,
        chats: Chats,
        media: MediaBackend,
        delivery: Delivery,
        clock: Callable[[], float],
    ) -> None:
        self._rooms = rooms
        self._voice = voice
        self._stage = stage
        self._bans = bans
        self._chats = chats
        self._media = media
        self._delivery = delivery
        self._clock = clock
        self.handlers: Mapping[type[m.ClientMessage], Handler] = {
            m.MutePerson: self._confirmed(self._mute),
            m.Remove: self._confirmed(self._remove),
            m.Ban: self._confirmed(self._ban),
            m.Unban: self._confirmed(self._unban),
            m.DeleteChat: self._confirmed(self._delete_chat),
            m.ListBans: self._list_bans,
            m.ListPeople: self._list_people,
        }

    def _confirmed(self, handler: Handler) -> Handler:
        async def handle(client: Client, message: m.ClientMessage) -> None:
            await handler(client, message)
            done = m.Moderated() if message.n is None else m.Moderated(message.n)
            self._delivery.send(client, done)

        return handle

    async def _mute(self, client: Client, message: m.MutePerson) -> None:
        room = _moderated(client)
        someone = _target(client, room, message.person)
        if isinstance(room, LiveRoom):
            await self._stage.mute_person(room, someone.id, client.person)
        else:
            await self._voice.mute_person(as_map(room), someone.id, client.person)

    async def _remove(self, client: Client, message: m.Remove) -> None:
        room = _moderated(client)
        someone = _target(client, room, message.person)
        if room.person(someone.id) is None:
            raise _unknown()
        await self._show_out(room, someone.id, REMOVED)

    async def _ban(self, client: Client, message: m.Ban) -> None:
        room = _moderated(client)
        someone = _target(client, room, message.person)
        ban = Ban(someone, self._clock(), self._networks(room, someone.id))
        bans = await self._bans.add(room.key, ban)
        await self._show_out(room, someone.id, BANNED)
        self._tell(room, bans)

    async def _show_out(self, room: Room, person: PersonId, why: m.Ended) -> None:
        for socket in room.sockets_of(person):
            self._voice.forget(socket)
        self._rooms.show_out(room, person, why)
        await self._media.leave_person(room.key, person)

    def _networks(self, room: Room, person: PersonId) -> tuple[str, ...]:
        clients = [self._delivery.client(socket) for socket in room.sockets_of(person)]
        found = [each.network for each in clients if each is not None and each.network is not None]
        return tuple(dict.fromkeys(found))

    async def _unban(self, client: Client, message: m.Unban) -> None:
        room = _moderated(client)
        self._tell(room, await self._bans.lift(room.key, message.person))

    async def _list_bans(self, client: Client, _message: m.ListBans) -> None:
        room = _moderated(client)
        self._delivery.send(client, _state(await self._bans.all(room.key)))

    async def _list_people(self, client: Client, _message: m.ListPeople) -> None:
        room = _moderated(client)
        self._delivery.send(client, m.People(room.newest_people(PEOPLE_TOLD)))

    async def _delete_chat(self, client: Client, message: m.DeleteChat) -> None:
        room = _moderated(client)
        number = int(message.chat.removeprefix("c-"))
        if not await self._chats.erase(room.key, number):
            raise NotFound("chat.unknown", "이미 지워진 말이에요.")
        self._delivery.perform(room, room.unsaid(number))

    def _tell(self, room: Room, bans: Bans) -> None:
        """Everyone who may lift them."""
        for client in self._delivery.clients_in(room):
            if room.you(client.id).moderator:
                self._delivery.send(client, _state(bans))


def _moderated(client: Client) -> Room:
    room = in_room(client.room)
    if not room.you(client.id).moderator:
        raise Forbidden("room.not_host", "방장만 할 수 있어요.")
    return room


def _target(client: Client, room: Room, person: str) -> PersonRef:
    """Whoever is here, or has said something: who left is not beyond a ban."""
    someone = room.remembered(PersonId(person))
    if someone is None:
        raise _unknown()
    here = room.person(someone.id)
    if someone.id in (client.person.id, room.host) or (here is not None and here.admin):
        raise Conflict("room.protected", "방장과 관리자, 그리고 나에게는 할 수 없어요.")
    return someone


def _unknown() -> NotFound:
    return NotFound("room.unknown_person", "방에 없는 사람이에요.")


def _state(bans: Bans) -> m.Bans:
    return m.Bans(
        [
            s.BanState(s.PersonRefState(each.person.id, each.person.name), round(each.at * 1000))
            for each in bans
        ]
    )
