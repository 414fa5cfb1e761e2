"""Voice in shared maps: one offer and one answer per socket, then only who sits and who speaks.
Where media is elsewhere: one token per socket, and the rest is between client and that server.

A media peer's key is `<person id>:<socket id>`: identity belongs to the person, the connection to
the socket.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import structlog

from wagu.domain.person import Person, PersonId
from wagu.errors import Conflict, WaguError
from wagu.media_backend.base import (
    MediaBackend,
    MediaEvent,
    PeerClosed,
    PeerKey,
    SlotsChanged,
    SpeakersChanged,
)
from wagu.realtime import messages as m
from wagu.realtime import states as s
from wagu.realtime.client import Client, Handler
from wagu.realtime.delivery import Delivery
from wagu.realtime.map_room import MapRoom, as_map
from wagu.realtime.room import Room, SocketId, ToAll, people_in

log = structlog.get_logger("wagu.realtime.voice")

TOLD_REASONS = frozenset({"timeout", "failed", "shutdown"})
"""What a client cannot know by itself. It left, it replaced, and `ended` says the room is over."""


class VoiceDesk:
    def __init__(
        self,
        media: MediaBackend,
        delivery: Delivery,
        room_of: Callable[[str], Room | None],
    ) -> None:
        self._media = media
        self._delivery = delivery
        self._room_of = room_of
        self._slots: dict[SocketId, tuple[PeerKey | None, ...]] = {}
        self.handlers: Mapping[type[m.ClientMessage], Handler] = {
            m.VoiceOffer: self._offer,
            m.VoiceEnter: self._enter,
            m.VoiceRestart: self._restart,
            m.VoiceMute: self._mute,
            m.VoiceLeave: self._leave,
        }

    # ----------------------------------------------------------------------------- what clients ask

    async def _offer(self, client: Client, message: m.VoiceOffer) -> None:
        room, peer = as_map(client.room), peer_key(client)
        self._slots.pop(client.id, None)
        answer = await self._media.answer(room.key, peer, "talk", message.sdp)
        if client.room is not room:  # the room ended meanwhile
            await self._media.leave(room.key, peer)
            return
        log.info("= voice on", peer=client.id, person=client.person.id, room=room.label)
        self._delivery.perform(room, room.set_voice(client.id, "on"))
        # The slots may have changed while the answer was under way: the newest count.
        slots = self._slots.get(client.id, answer.slots)
        self._delivery.send(client, m.VoiceAnswer(answer.sdp, people_in(slots)))

    async def _enter(self, client: Client, _message: m.VoiceEnter) -> None:
        """Also for who was in and fell out: without a new token they are not heard any more."""
        room, peer = as_map(client.room), peer_key(client)
        try:
            grant = await self._media.grant(room.key, peer, "talk")
        except WaguError:
            self.silence(client, room)
            raise
        if client.room is not room:  # the room ended meanwhile
            await self._media.leave(room.key, peer)
            return
        log.info("= voice on", peer=client.id, person=client.person.id)
        self._delivery.perform(room, room.set_voice(client.id, "on"))
        self._delivery.send(client, m.VoiceToken(grant.url, grant.token))

    async def _restart(self, client: Client, message: m.VoiceRestart) -> None:
        room = as_map(client.room)
        restarted = await self._media.restart(room.key, peer_key(client), message.fragment)
        if restarted is not None:
            self._delivery.send(client, m.VoiceRestarted(restarted.fragment))

    async def _mute(self, client: Client, message: m.VoiceMute) -> None:
        room = as_map(client.room)
        if room.voice_of(client.id) == "off":
            raise Conflict("voice.off", "음성에 들어와 있지 않아요.")
        await self._media.mute(room.key, peer_key(client), message.muted)
        if client.id in room and room.voice_of(client.id) != "off":
            voice: s.Voice = "muted" if message.muted else "on"
            self._delivery.perform(room, room.set_voice(client.id, voice))

    async def _leave(self, client: Client, _message: m.VoiceLeave) -> None:
        await self.hang_up(client, as_map(client.room))

    async def hang_up(self, client: Client, room: Room) -> None:
        """Before the socket leaves the room, and whenever it wants to. Idempotent. It is waited
        for: a `leave` that came after the next offer would end the new connection."""
        if self.silence(client, room):
            await self.disconnect(client, room)

    def let_linger(self, client: Client, room: Room) -> None:
        """Its socket goes to another node: its media here is heard until there is some there, and
        hangs up by itself. Where media is elsewhere it knows nothing of nodes."""
        if self._media.capabilities.negotiation == "sdp":
            self.silence(client, room)

    def silence(self, client: Client, room: Room) -> bool:
        """Tell the room; whether there is a connection that `disconnect` has to end."""
        self._slots.pop(client.id, None)
        if room.voice_of(client.id) == "off":
            return False
        self._delivery.perform(room, room.set_voice(client.id, "off"))
        return True

    async def disconnect(self, client: Client, room: Room) -> None:
        await self._media.leave(room.key, peer_key(client))

    async def mute_person(self, room: MapRoom, person: PersonId, by: Person) -> None:
        """All of a person's microphones. Errors: Conflict voice.off, media.cannot_mute."""
        if not self._media.capabilities.mute:
            raise Conflict("media.cannot_mute", "이 서버에서는 다른 사람의 마이크를 끌 수 없어요.")
        talking = [each for each in room.sockets_of(person) if room.voice_of(each) == "on"]
        if not talking and all(room.voice_of(each) == "off" for each in room.sockets_of(person)):
            raise Conflict("voice.off", "음성에 들어와 있지 않아요.")
        for socket in talking:
            await self._media.mute(room.key, PeerKey(f"{person}:{socket}"), True)
            if room.voice_of(socket) == "on":  # it may have left meanwhile
                self._delivery.perform(room, room.set_voice(socket, "muted"))
            client = self._delivery.client(socket)
            if client is not None:
                self._delivery.send(client, m.MutedBy(s.PersonRefState(by.id, by.name)))

    def forget(self, socket: SocketId) -> None:
        """A socket that is closed, or out of the room, has no slots."""
        self._slots.pop(socket, None)

    # ------------------------------------------------------------------------------ what media says

    def on_media(self, event: MediaEvent) -> None:
        """Synchronous, from the event loop."""
        room = self._room_of(event.room)
        if not isinstance(room, MapRoom):
            return
        if isinstance(event, SlotsChanged):
            self._seated(event)
        elif isinstance(event, SpeakersChanged):
            speakers = [each for each in people_in(event.speakers) if each is not None]
            message = m.VoiceSpeakers(list(dict.fromkeys(speakers)))
            self._delivery.perform(room, [ToAll(message)])
        elif isinstance(event, PeerClosed) and event.reason in TOLD_REASONS:
            self._lost(room, event)

    def _seated(self, event: SlotsChanged) -> None:
        socket = socket_of(event.peer)
        client = self._delivery.client(socket)
        if client is None or client.room is None or client.room.key != event.room:
            return
        self._slots[socket] = event.slots
        if client.room.voice_of(socket) != "off":  # else the answer will carry them
            self._delivery.send(client, m.VoiceSlots(people_in(event.slots)))

    def _lost(self, room: MapRoom, event: PeerClosed) -> None:
        socket = socket_of(event.peer)
        client = self._delivery.client(socket)
        if client is None or room.voice_of(socket) == "off":
            return
        log.info("= voice lost", peer=socket, room=room.label, reason=event.reason)
        self._slots.pop(socket, None)
        self._delivery.perform(room, room.set_voice(socket, "off"))
        self._delivery.send(client, m.VoiceClosed(event.reason))


def peer_key(client: Client) -> PeerKey:
    return PeerKey(f"{client.person.id}:{client.id}")


def socket_of(peer: PeerKey) -> SocketId:
    return SocketId(peer.rpartition(":")[2])
