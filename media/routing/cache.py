"""The last packets of one incoming stream: NACKs are answered from them (RFC 4585, 6.2.1)."""

from __future__ import annotations

from collections import deque

from media.routing.packet import MediaPacket

MOST_OCTETS = 3 << 18
"""Of payload: 0.65 s at the highest rate a publisher may send, 2 s at what our client sends."""


class PacketCache:
    """A ring over sequence numbers, bounded in packets, seconds and bytes of payload.

    `newest` is the packet that was put last, None at first; `octets` what is held now.
    """

    __slots__ = ("_mask", "_most", "_order", "_ring", "_seconds", "newest", "octets")

    def __init__(
        self, capacity: int = 1024, seconds: float = 2.0, most_octets: int = MOST_OCTETS
    ) -> None:
        if capacity & (capacity - 1):
            raise ValueError("the capacity must be a power of two")
        self._mask = capacity - 1
        self._ring: list[MediaPacket | None] = [None] * capacity
        self._order: deque[MediaPacket] = deque()
        self._seconds = seconds
        self._most = most_octets
        self.octets = 0
        self.newest: MediaPacket | None = None

    def __len__(self) -> int:
        return len(self._order)

    def put(self, packet: MediaPacket) -> None:
        """Keep it, and let go what is too old, or too much with it."""
        order = self._order
        order.append(packet)
        self.newest = packet
        self.octets += len(packet.payload)
        self._ring[packet.sequence & self._mask] = packet
        horizon = packet.arrived - self._seconds
        while order[0].arrived < horizon or self.octets > self._most or len(order) > self._mask + 1:
            oldest = order.popleft()
            self.octets -= len(oldest.payload)
            if self._ring[oldest.sequence & self._mask] is oldest:
                self._ring[oldest.sequence & self._mask] = None
            if not order:
                break

    def get(self, sequence: int, now: float) -> MediaPacket | None:
        packet = self._ring[sequence & self._mask]
        if packet is None or packet.sequence != sequence or now - packet.arrived > self._seconds:
            return None
        return packet
