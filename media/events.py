"""What the SFU tells its application, synchronously, as it happens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Role = Literal["talk", "publish", "guest", "watch"]
Reason = Literal["left", "replaced", "timeout", "failed", "room_closed", "shutdown"]


@dataclass(frozen=True, slots=True)
class PeerConnected:
    """A peer's DTLS handshake is done: media can flow."""

    room: str
    peer: str
    role: Role


@dataclass(frozen=True, slots=True)
class PeerClosed:
    """A peer is gone, and why."""

    room: str
    peer: str
    role: Role
    reason: Reason


@dataclass(frozen=True, slots=True)
class SlotsChanged:
    """Whose voice each slot of `peer` carries now, in the order of the slots in its offer."""

    room: str
    peer: str
    slots: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class SpeakersChanged:
    """Who speaks now, loudest first."""

    room: str
    speakers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublicationStarted:
    """The first packet of a publisher arrived."""

    room: str
    peer: str


@dataclass(frozen=True, slots=True)
class StageChanged:
    """The guests who are seen and heard beside the publisher, by place."""

    room: str
    places: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class LayersWanted:
    """The simulcast layers of `peer` that are worth sending, by RID; the others it may pause.

    Said again from time to time while a wanted one does not come.
    """

    room: str
    peer: str
    rids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordingStarted:
    """A file of a room's recording will be written at `path`; its name is 128 random bits."""

    room: str
    path: str


@dataclass(frozen=True, slots=True)
class RecordingFinished:
    """A file of a room's recording is whole, as far as it will be: `size` in bytes, 0 where nothing
    could be written and there is no file; `width` and `height` 0 for sound alone. Its writer died
    where `seconds` is None."""

    room: str
    path: str
    media_type: str
    seconds: float | None
    size: int
    width: int
    height: int


Event = (
    PeerConnected
    | PeerClosed
    | SlotsChanged
    | SpeakersChanged
    | PublicationStarted
    | StageChanged
    | LayersWanted
    | RecordingStarted
    | RecordingFinished
)
Listener = Callable[[Event], None]
