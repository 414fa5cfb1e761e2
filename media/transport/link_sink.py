"""Who a link works for."""

from __future__ import annotations

from typing import Protocol


class LinkSink(Protocol):
    """Nothing is called after `Link.close`, nor after `on_closed`."""

    def on_connected(self, now: float) -> None:
        """Keys are there: media may flow both ways."""

    def on_rtp(self, buffer: bytearray, length: int, now: float) -> None:
        """An authentic RTP packet (12 bytes at least). `buffer` is reused after the return."""

    def on_rtcp(self, data: memoryview, now: float) -> None:
        """An authentic RTCP compound, valid until the return."""

    def on_rerouted(self) -> None:
        """`route` is another now."""

    def on_moved(self, now: float) -> None:
        """The peer sits elsewhere now; what was sent in between is lost."""

    def on_closed(self, reason: str) -> None:
        """Once, and not for `Link.close`. reason: left | timeout | failed | shutdown."""
