"""What a bench needs of a room, wherever it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

from benches.rtc.janus_room import JanusRoom
from benches.rtc.peer import Peer
from benches.rtc.sdp import Kind, Remote
from benches.rtc.wagu_room import WaguLive, WaguVoices

Server = Literal["wagu", "janus"]


class Room(Protocol):
    """How a peer's connection is negotiated; what is returned is for `Peer.connect`.

    `one_way`: who sends and receives needs two connections.
    """

    one_way: bool

    async def open(self) -> None: ...

    async def publish(
        self, peer: Peer, ssrc: int, *, listens: bool = False, rids: Sequence[str] = ()
    ) -> Remote:
        """Send a stream, or layers of it, and where a connection goes both ways, receive what
        others send."""

    async def watch(self, peer: Peer, *, but: int = 0, layer: int | None = None) -> Remote:
        """Receive all that was published before, but one SSRC. `layer` counts from the lowest; who
        chooses by what the peer's link carries leaves it aside."""

    async def close(self) -> None: ...


def room_at(server: Server, url: str, kind: Kind) -> Room:
    if server == "janus":
        return JanusRoom(url, kind)
    return WaguLive(url) if kind == "video" else WaguVoices(url)
