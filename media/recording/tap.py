"""Where a subscription's packets go when nobody is at its other end: into frames.

A tap is an `Output` like a link. The subscription in front of it is one like any other, so that a
recording costs what a viewer costs, and nothing while there is none.
"""

from __future__ import annotations

from collections.abc import Callable

from media.codecs import Codec
from media.errors import MalformedPacket
from media.packets import rtcp
from media.packets.rtcp import SenderReport
from media.packets.rtp import HeaderTemplate, RtpPacket, Ssrc
from media.recording.alignment import Timeline
from media.recording.assembly import Frame, PictureAssembly, SoundAssembly
from media.recording.ordering import Ordering, Packet
from media.recording.payloads import CODECS
from media.routing.subscription import Subscription

ASK_AGAIN = 1.0
"""Seconds between requests for a keyframe, while the picture cannot go on."""
_SSRC = Ssrc(1)


class Tap:
    """One track, tapped: `frames` gives what is whole by now."""

    def __init__(self, codec: Codec, egress: bytearray, clock: Callable[[], float]) -> None:
        self.codec = codec
        self.ordering = Ordering()
        self.timeline = Timeline(codec.clock_rate)
        payloads = CODECS[codec.name.upper()]()
        video = codec.kind == "video"
        self.assembly = PictureAssembly(payloads) if video else SoundAssembly(payloads)
        self.subscription = Subscription(
            _SSRC,
            codec,
            HeaderTemplate(),
            self,
            egress,
            cname="recording",
            first_sequence=0,
            first_timestamp=0,
        )
        self._clock = clock
        self._packet = RtpPacket()
        self._ticks = 0
        self._asked = float("-inf")

    def send_rtp(self, buffer: bytearray, length: int) -> bool:
        """A packet of the subscription, copied: the buffer is everybody's."""
        packet = self._packet
        try:
            packet.parse(buffer, length)
        except MalformedPacket:
            return False
        start = packet.payload_offset
        payload = bytes(memoryview(buffer)[start : start + packet.payload_length])
        taken = Packet(packet.timestamp, packet.marker, payload)
        self.ordering.put(packet.sequence, taken, self._clock())
        return True

    def send_rtcp(self, data: bytes) -> bool:
        for message in rtcp.parse(data):
            if isinstance(message, SenderReport):
                self.timeline.reported(message, self._ticks)
        return True

    def route(self) -> None:
        """Packets come one by one: they are not sent anywhere."""

    def frames(self, now: float) -> list[Frame]:
        """In order. Asks for a keyframe where there is no other way on."""
        found = []
        for packet in self.ordering.take(now):
            frame = self.assembly.push(packet)
            if frame is not None:
                self._ticks = frame.ticks
                self.timeline.arrived(frame.ticks, now)
                found.append(frame)
        if self.assembly.wants_keyframe and now - self._asked >= ASK_AGAIN:
            self._asked = now
            self.subscription.want_keyframe()
        return found
