"""The seam between what all delegated backends share and what one kind of server is asked.

A `Remote` knows names, tokens and HTTP of its server; who is where, and what must still be done
there, is kept by `delegated`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from wagu.media_backend.base import Capabilities, Grant, PeerKey, Role, RoomKey


@dataclass(frozen=True, slots=True)
class Present:
    """A peer as the server has it now; `session` is another with each connection."""

    peer: PeerKey
    role: Role
    session: str
    publishes: bool
    audible: bool


@dataclass(frozen=True, slots=True)
class Joined:
    room: RoomKey
    peer: PeerKey
    role: Role
    session: str


@dataclass(frozen=True, slots=True)
class Published:
    room: RoomKey
    peer: PeerKey
    session: str


@dataclass(frozen=True, slots=True)
class Left:
    """reason: as of PeerClosed."""

    room: RoomKey
    peer: PeerKey
    session: str
    reason: str


@dataclass(frozen=True, slots=True)
class RoomClosed:
    room: RoomKey


@dataclass(frozen=True, slots=True)
class Look:
    """Something changed, and the list says what."""


Fact = Joined | Published | Left | RoomClosed | Look


class Remote(Protocol):
    """Errors of everything that is awaited: Unavailable("media.unavailable"). All but `admit` may
    be asked twice, and of what is no longer there."""

    @property
    def capabilities(self) -> Capabilities: ...

    @property
    def answers(self) -> bool: ...

    async def close(self) -> None: ...

    async def admit(self, room: RoomKey, peer: PeerKey, role: Role) -> Grant:
        """Makes the room where there is none."""

    async def remove(self, room: RoomKey, peer: PeerKey) -> None: ...

    async def remove_person(self, room: RoomKey, person: str) -> None: ...

    async def silence(self, room: RoomKey, peer: PeerKey) -> None: ...

    async def close_room(self, room: RoomKey) -> None: ...

    async def rooms(self) -> Mapping[RoomKey, Sequence[Present]]:
        """All of ours that the server has."""

    def read(self, authorization: str, body: bytes) -> Fact | None:
        """A webhook; None: nothing that concerns us. Unauthenticated("media.bad_webhook"),
        BadRequest("media.bad_webhook")."""

    def figures(self) -> dict[str, int]: ...
