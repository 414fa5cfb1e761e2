"""One incoming RTP stream: a microphone, or one simulcast layer of a camera."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from media.packets import ntp
from media.packets.rtcp import ReportBlock, SenderReport
from media.packets.rtp import Ssrc
from media.routing.cache import PacketCache
from media.routing.fanout import Fanout
from media.routing.keyframes import KeyframeRequests
from media.routing.losses import Losses
from media.routing.packet import MediaPacket, even_out
from media.routing.pictures import PictureReader
from media.routing.pulse import Pulse
from media.routing.rates import LayerRates
from media.routing.reception import Reception

if TYPE_CHECKING:
    from media.routing.subscription import Subscription

_RATE_WINDOW = 0.5

REPORTS_APART = 0.2
"""Seconds between sender reports that are passed on. Browsers make one a second; one packet can
hold fifty, each of which would go out to every viewer."""


class Encoding:
    """Reception, cache and receivers of one SSRC. `losses` is None where no NACK was agreed.

    `pictures` reads the packets of a video layer, None for sound. `subscribers` are served with
    what is in the `batch` when it is flushed, and before any of them comes, goes or changes.
    `waiting` are viewers who move here at the next keyframe. `redundant`: a sound that may come
    with copies (RFC 2198).
    """

    __slots__ = (
        "_fanout",
        "_rate_bytes",
        "_rate_since",
        "_report_at",
        "batch",
        "bitrate",
        "bytes_received",
        "cache",
        "flowing_since",
        "last_packet",
        "last_report",
        "losses",
        "pictures",
        "pulse",
        "rates",
        "reception",
        "redundant",
        "requests",
        "restarts",
        "rid",
        "ssrc",
        "subscribers",
        "waiting",
    )

    def __init__(
        self,
        ssrc: Ssrc,
        rid: str,
        clock_rate: int,
        pictures: PictureReader | None = None,
        *,
        redundant: bool = False,
    ) -> None:
        self.ssrc = ssrc
        self.rid = rid
        self.reception = Reception(clock_rate)
        self.requests = KeyframeRequests()
        self.losses: Losses | None = None
        self.redundant = redundant
        self.pictures = pictures
        self.cache = PacketCache() if pictures is not None else PacketCache(128, 1.0)
        self.pulse = Pulse()
        self.rates = LayerRates()
        self.batch: list[MediaPacket] = []
        self.subscribers: tuple[Subscription, ...] = ()
        self._fanout: Fanout | None = None
        self.waiting: list[Subscription] = []
        self.bitrate = 0.0
        self.bytes_received = 0
        self.last_packet = float("-inf")
        self.flowing_since = float("inf")
        self.restarts = 0
        self._rate_bytes = 0
        self._rate_since = float("-inf")
        self.last_report: SenderReport | None = None
        self._report_at = float("-inf")

    @property
    def height(self) -> int:
        """In pixels, 0 while unknown."""
        return self.pictures.height if self.pictures is not None else 0

    @property
    def stopped(self) -> bool:
        """Whether the publisher stopped sending this layer, as far as can be told."""
        return self.pulse.stopped

    @property
    def is_watched(self) -> bool:
        """Whether anybody is served from here, or waits to be."""
        return bool(self.subscribers or self.waiting)

    def add(self, subscription: Subscription) -> None:
        if subscription not in self.subscribers:
            self.rearrange()
            self.subscribers = (*self.subscribers, subscription)

    def remove(self, subscription: Subscription) -> None:
        """Forget a receiver, whether it is served or waits."""
        if subscription in self.subscribers:
            self.rearrange()
            self.subscribers = tuple(s for s in self.subscribers if s is not subscription)
        self.forget(subscription)

    def rearrange(self) -> None:
        """Receivers are about to change: send what came before, and see anew how each is served."""
        self.flush()
        if self._fanout is not None:
            self._fanout.dissolve()
            self._fanout = None

    def flush(self) -> None:
        """Send the batch on."""
        batch = self.batch
        if not batch:
            return
        self.batch = []
        if self.pictures is not None and len(batch) > 1:
            even_out(batch)
        fanout = self._fanout
        if fanout is None:
            fanout = self._fanout = Fanout(self.subscribers)
        if fanout.members and min([packet.sequence for packet in batch]) < fanout.since:
            # Something overtook the keyframe or the change that a member began with.
            fanout.dissolve()
            self._fanout = None
            self._forward(self.subscribers, batch)
            return
        if fanout.members:
            fanout.deliver(batch)
        if fanout.others:
            self._forward(fanout.others, batch)
            if fanout.outgrown:
                self.rearrange()

    def _forward(self, subscriptions: Iterable[Subscription], batch: Sequence[MediaPacket]) -> None:
        for subscription in subscriptions:
            for packet in batch:
                subscription.forward(self, packet)

    def forget(self, subscription: Subscription) -> None:
        """It waits no more."""
        if subscription in self.waiting:
            self.waiting.remove(subscription)

    def wait(self, subscription: Subscription) -> None:
        """Serve `subscription` from the next keyframe on, and ask for one."""
        if subscription not in self.waiting:
            self.waiting.append(subscription)
        self.requests.want()

    def count(self, length: int, now: float) -> None:
        """A packet of `length` bytes arrived."""
        if now - self.last_packet > 1.0:
            self.flowing_since = now
            self._rate_bytes, self._rate_since = 0, now
        self.last_packet = now
        self.bytes_received += length
        self._rate_bytes += length
        elapsed = now - self._rate_since
        if elapsed >= _RATE_WINDOW:
            self.bitrate = self._rate_bytes * 8 / elapsed
            self._rate_bytes, self._rate_since = 0, now

    def reported(self, report: SenderReport, now: float) -> None:
        """The publisher said what time it is: remember it for our own report, tell the viewers."""
        if now - self._report_at < REPORTS_APART:
            return
        self.last_report, self._report_at = report, now
        for subscription in self.subscribers:
            subscription.report(report)
            subscription.reports.sent(report.ntp_time, now)

    def reception_report(self, now: float) -> ReportBlock:
        """What we tell the publisher of this stream (RFC 3550, 6.4.1)."""
        fraction, lost = self.reception.report()
        last, since = 0, 0
        if self.last_report is not None:
            last = ntp.middle(self.last_report.ntp_time)
            since = ntp.delay(now - self._report_at)
        return ReportBlock(
            ssrc=self.ssrc,
            fraction_lost=fraction,
            lost=lost,
            highest=self.reception.highest & 0xFFFFFFFF,
            jitter=int(self.reception.jitter),
            last_sr=last,
            delay=since,
        )
