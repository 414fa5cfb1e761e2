"""The people of a room and their sockets: who is here, who is away, what all are told of it.

No I/O, no clock: methods return effects, `delivery` performs them. A person has any number of
sockets and is one person. Whoever loses the last socket without leaving is `away` for 15 s.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import NewType

from wagu.domain.person import Person, PersonId, PersonRef
from wagu.ephemeral.chats import KEPT, ChatLine
from wagu.errors import Conflict
from wagu.media_backend.base import PeerKey, RoomKey, label_of
from wagu.realtime import messages as m
from wagu.realtime import states as s

SocketId = NewType("SocketId", str)
"""Unique while the process lives."""

AWAY_FOR = 15.0
SOCKETS_PER_PERSON = 10


@dataclass(frozen=True, slots=True)
class ToAll:
    """`but` is a socket that knows already."""

    message: m.ServerMessage
    but: SocketId | None = None


@dataclass(frozen=True, slots=True)
class ToPerson:
    person: PersonId
    message: m.ServerMessage


Effect = ToAll | ToPerson


@dataclass(slots=True)
class _Occupant:
    person: Person
    host: bool
    voices: dict[SocketId, s.Voice] = field(default_factory=dict)
    away_since: float | None = None

    def state(self) -> s.PersonState:
        return s.PersonState(
            id=self.person.id,
            name=self.person.name,
            kind=self.person.kind,
            host=self.host,
            voice=_loudest(self.voices.values()),
            away=self.away_since is not None,
        )


class Room:
    people_max: int

    @property
    def host(self) -> PersonId:
        raise NotImplementedError  # each kind of room has its own

    def __init__(self, key: RoomKey, chat: Iterable[ChatLine]) -> None:
        self.key = key
        self.label = label_of(key)
        self.chat: deque[ChatLine] = deque(chat, maxlen=KEPT)
        self._occupants: dict[PersonId, _Occupant] = {}
        self._people_of: dict[SocketId, PersonId] = {}
        self._sockets: tuple[SocketId, ...] | None = ()
        """The snapshot, until somebody comes or goes."""

    # --------------------------------------------------------------------------------------- coming

    def enter(self, socket: SocketId, person: Person, *, host: bool) -> list[Effect]:
        """Errors: Conflict room.full. Entering again from the same socket changes nothing."""
        occupant = self._occupants.get(person.id)
        if self._is_full(socket, occupant):
            raise Conflict("room.full", "자리가 다 찼어요.")
        before = None if occupant is None else occupant.state()
        if occupant is None:
            occupant = self._occupants[person.id] = _Occupant(person, host)
        occupant.person, occupant.away_since = person, None
        occupant.voices.setdefault(socket, "off")
        self._people_of[socket] = person.id
        self._sockets = None
        return self._changed(occupant, before, but=socket)

    def _is_full(self, socket: SocketId, occupant: _Occupant | None) -> bool:
        if occupant is None:
            return len(self._occupants) >= self.people_max
        return socket not in occupant.voices and len(occupant.voices) >= SOCKETS_PER_PERSON

    # ---------------------------------------------------------------------------------------- going

    def leave(self, socket: SocketId) -> list[Effect]:
        """On purpose: with the last socket the person is gone."""
        occupant, before = self._take_out(socket)
        if occupant is None or before is None:
            return []
        return self._changed(occupant, before) if occupant.voices else self._gone(occupant)

    def lose(self, socket: SocketId, now: float) -> list[Effect]:
        """By accident: with the last socket the person is away. A viewer's next socket is somebody
        else, so a viewer is gone at once."""
        occupant, before = self._take_out(socket)
        if occupant is None or before is None:
            return []
        if not occupant.voices:
            if occupant.person.kind == "viewer":
                return self._gone(occupant)
            occupant.away_since = now
        return self._changed(occupant, before)

    def tick(self, now: float) -> list[Effect]:
        """Those who were away for too long are gone."""
        return [
            effect
            for occupant in list(self._occupants.values())
            if occupant.away_since is not None and now - occupant.away_since >= AWAY_FOR
            for effect in self._gone(occupant)
        ]

    def _take_out(self, socket: SocketId) -> tuple[_Occupant | None, s.PersonState | None]:
        person = self._people_of.pop(socket, None)
        if person is None:
            return None, None
        self._sockets = None
        occupant = self._occupants[person]
        before = occupant.state()
        del occupant.voices[socket]
        return occupant, before

    def _gone(self, occupant: _Occupant) -> list[Effect]:
        del self._occupants[occupant.person.id]
        self.forget(occupant.person.id)
        return self.announce(m.Gone(occupant.person.id), None)

    def expel(self, person: PersonId) -> list[Effect]:
        """Gone with all sockets. Whoever calls this also tells the sockets."""
        occupant = self._occupants.get(person)
        if occupant is None:
            return []
        for socket in occupant.voices:
            del self._people_of[socket]
        self._sockets = None
        return self._gone(occupant)

    def forget(self, person: PersonId) -> None:
        """For rooms that remember more of a person."""

    # ------------------------------------------------------------------------------------- changing

    def rename(self, person: Person) -> list[Effect]:
        occupant = self._occupants.get(person.id)
        if occupant is None:
            return []
        before = occupant.state()
        occupant.person = person
        return self._changed(occupant, before)

    def set_voice(self, socket: SocketId, voice: s.Voice) -> list[Effect]:
        occupant = self._occupants[self._people_of[socket]]
        before = occupant.state()
        occupant.voices[socket] = voice
        return self._changed(occupant, before)

    def _changed(
        self, occupant: _Occupant, before: s.PersonState | None, but: SocketId | None = None
    ) -> list[Effect]:
        after = occupant.state()
        return [] if after == before else self.announce(m.PersonMessage(after), but)

    def announce(self, message: m.ServerMessage, but: SocketId | None) -> list[Effect]:
        """How a room tells of its people: to all. A live room overrides it."""
        return [ToAll(message, but)]

    # ----------------------------------------------------------------------------------------- chat

    def knows(self, line: ChatLine) -> bool:
        return any(each.number == line.number for each in self.chat)

    def said(self, line: ChatLine, nonce: str) -> list[Effect]:
        self.chat.append(line)
        if len(self.chat) > 1 and self.chat[-2].number > line.number:
            # Two lines overtook each other on the way back from the store.
            self.chat = deque(sorted(self.chat, key=lambda each: each.number), maxlen=KEPT)
        return [ToAll(m.Chatted(chat_state(line), nonce))]

    def unsaid(self, number: int) -> list[Effect]:
        """A line was deleted."""
        kept = [line for line in self.chat if line.number != number]
        self.chat = deque(kept, maxlen=KEPT)
        return [ToAll(m.ChatDeleted(chat_id(number)))]

    # --------------------------------------------------------------------------------------- asking

    def __contains__(self, socket: object) -> bool:
        return socket in self._people_of

    def sockets(self) -> tuple[SocketId, ...]:
        """A snapshot: safe to walk while people come and go, and the same one until they do."""
        if self._sockets is None:
            self._sockets = tuple(self._people_of)
        return self._sockets

    def sockets_of(self, person: PersonId) -> tuple[SocketId, ...]:
        occupant = self._occupants.get(person)
        return () if occupant is None else tuple(occupant.voices)

    def person_of(self, socket: SocketId) -> PersonId | None:
        return self._people_of.get(socket)

    def present(self) -> frozenset[PersonId]:
        """Everyone who is here and not away."""
        return frozenset(
            person for person, each in self._occupants.items() if each.away_since is None
        )

    def expected(self) -> frozenset[PersonId]:
        """Everyone who is here or away: who reloads a page is back in a moment."""
        return frozenset(self._occupants)

    def voice_of(self, socket: SocketId) -> s.Voice:
        person = self._people_of.get(socket)
        return "off" if person is None else self._occupants[person].voices[socket]

    @property
    def size(self) -> int:
        """People, those away included."""
        return len(self._occupants)

    def people(self, most: int) -> list[s.PersonState]:
        """In the order they came."""
        occupants = list(self._occupants.values())[:most]
        return [occupant.state() for occupant in occupants]

    def newest_people(self, most: int) -> list[s.PersonState]:
        """Those with a name, who came last first."""
        named = (each for each in reversed(self._occupants.values()) if each.person.name)
        return [occupant.state() for occupant in islice(named, most)]

    def you(self, socket: SocketId) -> s.You:
        occupant = self._occupants[self._people_of[socket]]
        person, moderator = occupant.person, occupant.host or occupant.person.admin
        return s.You(person.id, person.name, person.kind, occupant.host, moderator)

    def person(self, person: PersonId) -> Person | None:
        """Someone who is here or away."""
        occupant = self._occupants.get(person)
        return None if occupant is None else occupant.person

    def remembered(self, person: PersonId) -> PersonRef | None:
        """Someone who is here, or was and said something."""
        here = self.person(person)
        if here is not None:
            return PersonRef(here.id, here.name)
        return next((line.author for line in reversed(self.chat) if line.author.id == person), None)


def in_room(room: Room | None) -> Room:
    """Errors: Conflict room.not_joined."""
    if room is None:
        raise Conflict("room.not_joined", "아직 방에 들어가지 않았어요.")
    return room


def people_in(peers: Iterable[PeerKey | None]) -> list[str | None]:
    """Whose media peers these are: a peer's key begins with its person's id."""
    return [None if peer is None else peer.rpartition(":")[0] for peer in peers]


def chat_id(number: int) -> str:
    return f"c-{number}"


def chat_state(line: ChatLine) -> s.ChatState:
    author = s.PersonRefState(line.author.id, line.author.name)
    return s.ChatState(chat_id(line.number), author, line.text, round(line.at * 1000))


def _loudest(voices: Iterable[s.Voice]) -> s.Voice:
    """A person with two sockets is heard if one of them is."""
    heard = set(voices)
    if "on" in heard:
        return "on"
    return "muted" if "muted" in heard else "off"
