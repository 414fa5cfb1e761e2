"""A live's stage: the host invites a viewer, who accepts and is seen beside the host, until one of
them ends it. Media of it goes by WHIP, like the host's; who stands where is told to all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from wagu.domain.person import Person, PersonId, PersonRef
from wagu.domain.stage import Guests
from wagu.ephemeral.guest_list import GuestList
from wagu.errors import Conflict, Forbidden, NotFound
from wagu.media_backend.base import MediaBackend, MediaEvent, PeerClosed, PeerKey, StageChanged
from wagu.realtime import messages as m
from wagu.realtime import states as s
from wagu.realtime.background import Background
from wagu.realtime.client import Client, Handler
from wagu.realtime.delivery import Delivery
from wagu.realtime.live_room import LiveRoom
from wagu.realtime.room import Room, in_room, people_in


class StageDesk:
    def __init__(
        self,
        guests: GuestList,
        media: MediaBackend,
        delivery: Delivery,
        background: Background,
        room_of: Callable[[str], Room | None],
    ) -> None:
        self._guests = guests
        self._media = media
        self._delivery = delivery
        self._background = background
        self._room_of = room_of
        self._one_at_a_time = asyncio.Lock()  # answers of the store are told in their order
        self.handlers: Mapping[type[m.ClientMessage], Handler] = {
            m.StageInvite: self._invite,
            m.StageAnswer: self._answer,
            m.StageMute: self._mute,
            m.StageEnd: self._end,
        }

    # ----------------------------------------------------------------------------- what clients ask

    async def _invite(self, client: Client, message: m.StageInvite) -> None:
        room = _hosted(client)
        someone = room.person(PersonId(message.person))
        if someone is None or someone.kind == "viewer" or someone.id == room.host:
            raise NotFound("room.unknown_person", "방에 없는 사람이에요.")
        async with self._one_at_a_time:
            person = PersonRef(someone.id, someone.name)
            self._tell(room, await self._guests.invite(room.key, person))

    async def _answer(self, client: Client, message: m.StageAnswer) -> None:
        room = _as_live(client.room)
        if not message.accept:
            await self._take_off(room, client.person.id)
            return
        async with self._one_at_a_time:
            self._tell(room, await self._guests.accept(room.key, client.person.id))

    async def _mute(self, client: Client, message: m.StageMute) -> None:
        """By a guest, of their own microphone."""
        room = _as_live(client.room)
        if not room.is_seen(client.person.id):
            raise _off()
        await self._set_muted(room, client.person.id, message.muted)

    async def mute_person(self, room: LiveRoom, person: PersonId, by: Person) -> None:
        """By a moderator; they may unmute themselves. Errors: Conflict voice.off."""
        if not room.is_seen(person):
            raise _off()
        if room.is_muted(person):
            return
        await self._set_muted(room, person, True)
        for socket in room.sockets_of(person):
            client = self._delivery.client(socket)
            if client is not None:
                self._delivery.send(client, m.MutedBy(s.PersonRefState(by.id, by.name)))

    async def _set_muted(self, room: LiveRoom, person: PersonId, muted: bool) -> None:
        await self._media.mute(room.key, stage_peer(person), muted)
        if room.is_seen(person):  # they may have gone meanwhile
            self._delivery.perform(room, room.mute_guest(person, muted))

    async def _end(self, client: Client, message: m.StageEnd) -> None:
        room = _as_live(client.room)
        if message.person != client.person.id:
            room = _hosted(client)
        await self._take_off(room, PersonId(message.person))

    async def _take_off(self, room: LiveRoom, person: PersonId) -> None:
        async with self._one_at_a_time:
            self._tell(room, await self._guests.remove(room.key, person))
        await self._media.leave(room.key, stage_peer(person))

    # ------------------------------------------------------------------------------ what else comes

    def consider(self, room: LiveRoom) -> None:
        """Who left the room leaves the stage, too."""
        for person in room.take_departed():
            self._background.spawn("leave stage", self._take_off(room, person))

    def on_media(self, event: MediaEvent) -> None:
        """Synchronous, from the event loop."""
        if not isinstance(event, StageChanged | PeerClosed):
            return
        room = self._room_of(event.room)
        if not isinstance(room, LiveRoom):
            return
        if isinstance(event, StageChanged):
            self._delivery.perform(room, room.take_places(people_in(event.places)))
        elif event.role == "guest":  # what comes after it is not muted
            (person,) = people_in((event.peer,))
            self._delivery.perform(room, room.mute_guest(PersonId(person or ""), False))

    def _tell(self, room: LiveRoom, guests: Guests) -> None:
        self._delivery.perform(room, room.take_guests(guests))


def stage_peer(person: PersonId) -> PeerKey:
    """A guest has one place, wherever they send from."""
    return PeerKey(f"{person}:stage")


def _off() -> Conflict:
    return Conflict("voice.off", "무대에서 말하고 있지 않아요.")


def _as_live(room: Room | None) -> LiveRoom:
    entered = in_room(room)
    if isinstance(entered, LiveRoom):
        return entered
    raise Conflict("room.not_a_live", "라이브에서만 할 수 있어요.")


def _hosted(client: Client) -> LiveRoom:
    room = _as_live(client.room)
    if client.person.id != room.host:
        raise Forbidden("room.not_host", "방장만 할 수 있어요.")
    return room
