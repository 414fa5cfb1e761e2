"""What is sent, by how many, to whom."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from benches.rtc.load import Packets, Source
from benches.rtc.packets import SoundPackets, VideoPackets, even_frames, natural_frames
from benches.rtc.peer import FREE, Peer
from benches.rtc.sdp import Kind

FRAMES = 30.0
"""A second, of every layer."""


@dataclass(frozen=True, slots=True)
class Layer:
    """Of a simulcast: frames of so many packets. `link` is of viewers whom it fits, in bit/s."""

    rid: str
    height: int
    per_frame: int
    size: int
    link: float


LAYERS = (
    Layer("l", 180, 1, 500, 250_000.0),
    Layer("m", 360, 2, 1000, 800_000.0),
    Layer("h", 720, 10, 1000, FREE),
)
"""0.12, 0.48 and 2.4 Mbit/s, the lowest first; a viewer stands on each in turn."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """Each of `senders` sends so many packets a second; a video either evenly, or its frames of
    `per_frame` packets as a whole, which vary around that when they are `natural`.

    Receivers ask for `repaired` of the packets (a share) as if they had lost them. With `tables`
    there are no viewers: everybody sits in a room of `senders` people who hear each other. When it
    is `mixed`, others read feeds and upload photos meanwhile, which only wagu has; with
    `comers`, others come to a live and leave it. With `layers`
    these are sent instead, and `settling` are the seconds until every viewer is on the one it
    shall be on.
    """

    kind: Kind
    packets_per_second: float
    size: int
    per_frame: int = 1
    whole_frames: bool = False
    natural: bool = False
    senders: int = 1
    repaired: float = 0.0
    tables: bool = False
    mixed: bool = False
    comers: bool = False
    layers: tuple[Layer, ...] = ()
    settling: float = 0.0

    @property
    def accompanied(self) -> bool:
        """Whether something else goes on, and is left out every other time to compare."""
        return self.mixed or self.comers

    @property
    def rids(self) -> tuple[str, ...]:
        """The highest layer first, as Janus expects it."""
        return tuple(layer.rid for layer in reversed(self.layers))

    def sources(self, peer: Peer, ssrc: int) -> list[Source]:
        """What one sender sends; layers have the numbers after `ssrc`, too."""
        if self.layers:
            numbers = itertools.count()
            return [
                Source(
                    peer,
                    VideoPackets(
                        ssrc + place,
                        even_frames(layer.per_frame, layer.size),
                        FRAMES,
                        height=layer.height,
                        rid=layer.rid,
                        numbers=numbers,
                    ),
                    1 / FRAMES,
                    whole_frames=True,
                )
                for place, layer in enumerate(self.layers)
            ]
        every = (self.per_frame if self.whole_frames else 1) / self.packets_per_second
        return [Source(peer, self._packets(ssrc), every, self.whole_frames)]

    def _packets(self, ssrc: int) -> Packets:
        if self.kind == "audio":
            return SoundPackets(ssrc, size=self.size)
        frames = even_frames(self.per_frame, self.size)
        if self.natural:
            frames = natural_frames(self.per_frame * self.size)
        return VideoPackets(ssrc, frames, self.packets_per_second / self.per_frame)


SCENARIOS = {
    "video-paced": Scenario("video", 990, 1200, per_frame=33),
    "video-bursts": Scenario("video", 990, 1200, per_frame=8, whole_frames=True),
    "video-natural": Scenario("video", 300, 1000, per_frame=10, whole_frames=True, natural=True),
    "audio": Scenario("audio", 50, 100, senders=5),
    "joins": Scenario("audio", 50, 100, senders=5, comers=True),
    "rooms": Scenario("audio", 50, 100, senders=4, tables=True),
    "lossy": Scenario("video", 990, 1200, per_frame=33, repaired=0.02),
    "simulcast": Scenario("video", 390, 1000, layers=LAYERS, settling=4.0),
    "idle": Scenario("video", 1, 1200),
    "mixed": Scenario("video", 990, 1200, per_frame=33, mixed=True),
}
