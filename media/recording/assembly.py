"""Packets in order → whole frames. A picture begins with a keyframe, and anew after each gap."""

from __future__ import annotations

from dataclasses import dataclass

from media.errors import MalformedPacket
from media.packets.sequence import Unwrapper
from media.recording.ordering import Gap, Packet
from media.recording.payloads import Payloads

MAX_FRAME = 4 * 1024 * 1024
"""Bytes: a keyframe of 4K at any sane quality takes less."""


@dataclass(frozen=True, slots=True)
class Frame:
    """`ticks` counts the stream's clock and does not wrap."""

    ticks: int
    keyframe: bool
    data: bytes


class SoundAssembly:
    """Each packet is a frame; a gap is only time in which nothing sounds."""

    wants_keyframe = False

    def __init__(self, payloads: Payloads) -> None:
        self._ticks = Unwrapper(32)

    def push(self, packet: Packet | Gap) -> Frame | None:
        if isinstance(packet, Gap) or not packet.payload:
            return None
        return Frame(self._ticks.unwrap(packet.timestamp), True, packet.payload)


class PictureAssembly:
    """Frames end with the marker or where the timestamp changes (RFC 3550, 5.1).

    After a gap, or bytes that make no sense, nothing is whole before the next keyframe:
    `wants_keyframe` until then.
    """

    def __init__(self, payloads: Payloads) -> None:
        self._payloads = payloads
        self._ticks = Unwrapper(32)
        self._data = bytearray()
        self._timestamp: int | None = None
        self._is_key = False
        self.wants_keyframe = True
        self.broken = 0

    def push(self, packet: Packet | Gap) -> Frame | None:
        """The frame that this packet completes."""
        if isinstance(packet, Gap):
            self._break()
            return None
        if not packet.payload:
            return None  # a probe for bandwidth
        try:
            return self._push(packet)
        except MalformedPacket:
            self._break()
            return None

    def _push(self, packet: Packet) -> Frame | None:
        done = None
        if self._timestamp not in (None, packet.timestamp):
            done = self._finish()
        opens = self._payloads.opens_keyframe(packet.payload)
        if self.wants_keyframe:
            if not opens:
                return done
            self.wants_keyframe = False
        self._timestamp = packet.timestamp
        self._is_key = self._is_key or opens
        self._payloads.append(packet.payload, self._data)
        if len(self._data) > MAX_FRAME:
            raise MalformedPacket("a frame without an end")
        if packet.marker and done is None:
            return self._finish()
        return done

    def _finish(self) -> Frame | None:
        assert self._timestamp is not None
        frame = None
        if self._data:
            ticks = self._ticks.unwrap(self._timestamp)
            frame = Frame(ticks, self._is_key, bytes(self._data))
        self._clear()
        return frame

    def _break(self) -> None:
        self.broken += 1
        self.wants_keyframe = True
        self._clear()

    def _clear(self) -> None:
        self._data.clear()
        self._timestamp = None
        self._is_key = False
