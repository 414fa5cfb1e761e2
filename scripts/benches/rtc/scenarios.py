"""What is sent, by how many, to whom."""

from __future__ import annotations

from dataclasses import dataclass

from benches.rtc.load import Packets, Source
from benches.rtc.packets import SoundPackets, VideoPackets, even_frames, natural_frames
from benches.rtc.peer import Peer
from benches.rtc.sdp import Kind


@dataclass(frozen=True, slots=True)
class Scenario:
    """Each of `senders` sends so many packets a second; a video either evenly, or its frames of
    `per_frame` packets as a whole, which vary around that when they are `natural`.

    Receivers ask for `repaired` of the packets (a share) as if they had lost them. With `tables`
    there are no viewers: everybody sits in a room of `senders` people who hear each other. When it
    is `mixed`, others read feeds and upload photos meanwhile, which only wagu has.
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

    def source(self, peer: Peer, ssrc: int) -> Source:
        every = (self.per_frame if self.whole_frames else 1) / self.packets_per_second
        return Source(peer, self._packets(ssrc), every, self.whole_frames)

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
    "rooms": Scenario("audio", 50, 100, senders=4, tables=True),
    "lossy": Scenario("video", 990, 1200, per_frame=33, repaired=0.02),
    "idle": Scenario("video", 1, 1200),
    "mixed": Scenario("video", 990, 1200, per_frame=33, mixed=True),
}
