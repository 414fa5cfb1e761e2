"""RTCP that comes in from one peer: each message finds its handler, and nothing else is believed.

A message counts only for this peer's own streams: `subscriptions` are what it receives (feedback),
`streams` what it publishes (sender reports). A new kind of message is one row in `_handlers` and
one method; what is said of one outgoing stream belongs into `routing/subscription`.
What goes out towards a publisher is `media.reporting`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from media.errors import MalformedPacket
from media.packets import rtcp
from media.packets.rtcp import (
    Bye,
    Fir,
    Nack,
    Pli,
    ReceiverReport,
    Remb,
    ReportBlock,
    RtcpMessage,
    SenderReport,
)
from media.packets.rtp import Ssrc
from media.routing.policing import RTCP, Policer
from media.routing.subscription import Subscription
from media.routing.viewing import Viewing
from media.tracks import Stream

MAX_ESTIMATE = 1 << 40
"""bit/s; REMB can say 2**81, which no reader of our statistics could hold."""


class Feedback:
    """`remb` is the receiver's own estimate of its path in bit/s, None before the first; `viewing`
    makes ours of it."""

    __slots__ = (
        "_dropped",
        "_handlers",
        "_policer",
        "_streams",
        "_subscriptions",
        "remb",
        "viewing",
    )

    def __init__(
        self,
        subscriptions: Mapping[int, Subscription],
        streams: Mapping[int, Stream],
        dropped: Counter[str],
    ) -> None:
        self.remb: int | None = None
        self.viewing = Viewing(subscriptions)
        self._subscriptions = subscriptions
        self._streams = streams
        self._dropped = dropped
        self._policer = Policer(RTCP)
        self._handlers: dict[type, Callable[[RtcpMessage, float], None]] = {
            SenderReport: self._on_sender_report,
            ReceiverReport: self._on_receiver_report,
            Nack: self._on_nack,
            Pli: self._on_pli,
            Fir: self._on_fir,
            Remb: self._on_remb,
            Bye: self._on_bye,
        }

    def receive(self, data: memoryview, now: float) -> None:
        """One decrypted compound."""
        if not self._policer.passes(len(data), now):
            self._dropped["rtcp_over_rate"] += 1
            return
        try:
            messages = rtcp.parse(data)
        except MalformedPacket:
            self._dropped["malformed_rtcp"] += 1
            return
        for message in messages:
            handler = self._handlers.get(type(message))
            if handler is not None:
                handler(message, now)

    def _on_sender_report(self, message: RtcpMessage, now: float) -> None:
        assert isinstance(message, SenderReport)
        stream = self._streams.get(message.ssrc)
        if stream is not None:
            stream[1].reported(message, now)
        self._take_reports(message.blocks, now)

    def _on_receiver_report(self, message: RtcpMessage, now: float) -> None:
        assert isinstance(message, ReceiverReport)
        self._take_reports(message.blocks, now)

    def _take_reports(self, blocks: Sequence[ReportBlock], now: float) -> None:
        for block in blocks:
            subscription = self._subscriptions.get(block.ssrc)
            if subscription is not None:
                subscription.reports.received(block, now)
                if subscription.is_video:
                    self.viewing.on_report(block, subscription.numbers, now)

    def _on_nack(self, message: RtcpMessage, now: float) -> None:
        assert isinstance(message, Nack)
        subscription = self._subscriptions.get(message.media_ssrc)
        if subscription is not None and "nack" in subscription.codec.feedback:
            subscription.resend(message.lost, now)

    def _on_pli(self, message: RtcpMessage, now: float) -> None:
        assert isinstance(message, Pli)
        self._want_keyframe(message.media_ssrc, now)

    def _on_fir(self, message: RtcpMessage, now: float) -> None:
        assert isinstance(message, Fir)
        for ssrc, _command in message.entries:
            self._want_keyframe(ssrc, now)

    def _on_remb(self, message: RtcpMessage, now: float) -> None:
        assert isinstance(message, Remb)
        self.remb = min(message.bitrate, MAX_ESTIMATE)
        self.viewing.on_remb(self.remb, now)

    def _on_bye(self, message: RtcpMessage, _now: float) -> None:
        assert isinstance(message, Bye)
        for ssrc in message.ssrcs:
            stream = self._streams.get(ssrc)
            if stream is not None:
                stream[1].pulse.stopped = True

    def _want_keyframe(self, ssrc: Ssrc, now: float) -> None:
        subscription = self._subscriptions.get(ssrc)
        if subscription is None:
            return
        if subscription.reports.asked_for_keyframe(now):
            subscription.want_keyframe()
        else:
            self._dropped["keyframes_over_rate"] += 1
