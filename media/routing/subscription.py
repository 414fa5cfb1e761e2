"""One outgoing stream to one receiver: a viewer's video or sound, or a slot of a voice room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from media.codecs import Codec
from media.packets import rtcp
from media.packets.rtcp import SenderReport
from media.packets.rtp import HeaderTemplate, Ssrc
from media.routing.aiming import Aim
from media.routing.encoding import Encoding
from media.routing.fanout import Fanout
from media.routing.output import Output, Route
from media.routing.packet import MediaPacket
from media.routing.repairs import RepairStream
from media.routing.reports import Reports
from media.routing.resends import Allowance
from media.routing.rewrite import Epoch, StreamRewriter
from media.routing.temporal import ALL
from media.routing.writer import StreamWriter

if TYPE_CHECKING:
    from media.routing.publication import Publication, Rung


class Subscription:
    """Rewrites what its current encoding brings into one continuous stream on `ssrc`.

    `egress` is a scratch buffer shared by all subscriptions of the process: a packet lives in it
    only during one call. `publication` is what it receives, `encoding` the layer of it that is
    forwarded now, `pending` the one waited for, `aim` what its link carries. `redundant` is the
    receiver's payload type of redundant audio, where it would rather have that (0: not).

    Most of the time it is a member of its encoding's `Fanout`, and looks there for what was sent.
    """

    __slots__ = (
        "_allowance",
        "_batched_at",
        "_between",
        "_fanout",
        "_output",
        "_repairs",
        "_reported",
        "_rewriter",
        "_writer",
        "aim",
        "cname",
        "codec",
        "encoding",
        "is_video",
        "limit",
        "padded",
        "pending",
        "publication",
        "reports",
        "resent",
        "ssrc",
        "switches",
    )

    def __init__(
        self,
        ssrc: Ssrc,
        codec: Codec,
        template: HeaderTemplate,
        output: Output,
        egress: bytearray,
        *,
        cname: str,
        first_sequence: int,
        first_timestamp: int,
        repairs: RepairStream | None = None,
        redundant: int = 0,
    ) -> None:
        self.ssrc = ssrc
        self.cname = cname
        self.publication: Publication | None = None
        self.encoding: Encoding | None = None
        self.pending: Encoding | None = None
        self.limit: int | None = None
        self.resent = self.switches = 0
        self._fanout: Fanout | None = None
        self._batched_at = float("-inf")
        """When what the last batch before this fanout's had came in."""
        self.codec = codec
        self.is_video = codec.kind == "video"
        self._output = output
        self._writer = StreamWriter(ssrc, codec, template, output, egress, redundant)
        self._rewriter = StreamRewriter[Encoding](codec.clock_rate, first_sequence, first_timestamp)
        self._between = True
        self.aim = Aim()
        self.padded = 0
        self._allowance = Allowance()
        self._repairs = repairs
        self._reported = 0
        self.reports = Reports(codec.clock_rate)

    @property
    def packets(self) -> int:
        """Sent so far, those of the retransmission stream aside."""
        return self._writer.packets + (self._fanout.packets if self._fanout is not None else 0)

    @property
    def numbers(self) -> int:
        """How many were used so far: also by packets that the link did not take, which are lost."""
        return self.packets + self.dropped

    @property
    def octets(self) -> int:
        """Of payload, in `packets`."""
        return self._writer.octets + (self._fanout.octets if self._fanout is not None else 0)

    @property
    def dropped(self) -> int:
        """Packets that came too late for the numbering, or that the link did not take."""
        return self._writer.dropped

    def join(self, fanout: Fanout) -> tuple[Epoch[Encoding], Route, HeaderTemplate] | None:
        """Be served by the batch from now on; None while each packet has to be looked at."""
        epoch = self._rewriter.current
        route = self._output.route() if self.is_plain else None
        if epoch is None or route is None:
            return None
        self._fanout = fanout
        self.aim.temporal.restart()  # with all there is it has all that comes
        return epoch, route, self._writer.template

    @property
    def in_batch(self) -> bool:
        """Whether its packets go by the batch now."""
        return self._fanout is not None

    def batched_since(self, since: float) -> bool:
        """Whether something went out by the batch that came after that."""
        latest = self._fanout.latest if self._fanout is not None else None
        return self._batched_at > since or (latest is not None and latest.arrived > since)

    @property
    def is_plain(self) -> bool:
        """Whether it gets every packet of its encoding, with the same offsets and nothing more."""
        encoding, temporal = self.encoding, self.aim.temporal
        if encoding is None or self._rewriter.current is None or temporal.target != ALL:
            return False
        if encoding.redundant and self._writer.redundant:
            return False
        return temporal.current >= encoding.rates.top  # it climbs layer by layer

    def part(self) -> None:
        """Be served packet by packet again."""
        if self._fanout is not None:
            self._settle()
            self._writer.packets += self._fanout.packets
            self._writer.octets += self._fanout.octets
            if self._fanout.latest is not None:
                self._batched_at = self._fanout.latest.arrived
            self._fanout = None

    def rerouted(self) -> None:
        """The way to the receiver is another now."""
        if self.encoding is not None:
            self.encoding.rearrange()

    def _settle(self) -> None:
        """Know what was sent by the batch."""
        latest = self._fanout.latest if self._fanout is not None else None
        if latest is not None and self._rewriter.follow(
            latest.sequence, latest.timestamp, latest.arrived, latest.picture_id, latest.tl0
        ):
            self._between = latest.marker

    def rung_among(self, rungs: Sequence[Rung]) -> int:
        """Which of these pictures the receiver gets now, −1 for none of them."""
        return self.aim.among(rungs, self.pending or self.encoding)

    def steer(self, rung: Rung | None) -> None:
        """What the receiver's link carries from now on; None: no picture."""
        if rung is None:
            if not self.aim.paused:
                self.aim.paused = True
                self.detach()
            return
        aimed = self.aim.temporal.target
        too_narrow = self.aim.take(rung, self.encoding, self.pending)
        if self.encoding is None:
            return
        if too_narrow:
            self.encoding.remove(self)
            self.encoding = None
            self._rewriter.stop()
        elif self.aim.temporal.target != aimed:
            self.encoding.rearrange()

    def leave(self) -> None:
        """Receive nothing any more; the numbering waits for another publication."""
        if self.publication is not None:
            self.publication.unsubscribe(self)

    def attach(self, encoding: Encoding) -> None:
        """Hear this encoding from its next packet on (sound, which any packet can begin)."""
        if self.encoding is encoding:
            return
        self.detach()
        self.encoding = encoding
        encoding.add(self)

    def await_keyframe(self, encoding: Encoding) -> None:
        """Move to this encoding at its next keyframe; what is forwarded now goes on until then."""
        if self.pending is encoding:
            return
        self.stay()
        self.pending = encoding
        encoding.wait(self)

    def stay(self) -> None:
        """Wait no longer for another layer."""
        if self.pending is not None:
            self.pending.forget(self)
            self.pending = None

    def detach(self) -> None:
        """Forward nothing until attached anew; the numbering goes on where it was."""
        for encoding in (self.encoding, self.pending):
            if encoding is not None:
                encoding.remove(self)
        self.encoding = self.pending = None
        self._between = True
        self._rewriter.stop()

    def begin(self, encoding: Encoding, packet: MediaPacket) -> None:
        """The keyframe that was waited for begins with this packet."""
        if self.encoding is not encoding:
            if self.encoding is not None:
                self.encoding.remove(self)
            self.encoding = encoding
            encoding.add(self)
            self.switches += 1
        else:
            encoding.rearrange()
        self.pending = None
        self.aim.begin()
        self._rewriter.switch(
            encoding,
            packet.sequence,
            packet.timestamp,
            packet.arrived,
            picture=packet.picture_id if packet.picture_id >= 0 else None,
            tl0=packet.tl0 if packet.tl0 >= 0 else None,
        )
        self._introduce(encoding)

    def forward(self, encoding: Encoding, packet: MediaPacket) -> None:
        """Send one packet on. What `Fanout` does for many, for one that has wishes of its own."""
        rewriter = self._rewriter
        sequence = packet.sequence
        epoch = rewriter.current
        if epoch is None:
            epoch = rewriter.switch(encoding, sequence, packet.timestamp, packet.arrived)
            self._introduce(encoding)
        if not self.aim.temporal.passes(packet.temporal, packet.reach, packet.from_layer):
            numbered = packet.picture_id if packet.picture_id >= 0 else None
            if rewriter.skip(sequence, numbered):
                return
        output = rewriter.advance(sequence, packet.timestamp, packet.arrived)
        if output is None:
            found = rewriter.late(encoding, sequence)
            if found is None:
                self._writer.dropped += 1
                return
            epoch, output = found
        if packet.picture_id >= 0:
            rewriter.saw_picture(
                output,
                packet.picture_id + epoch.picture_offset,
                packet.tl0 + epoch.tl0_offset if packet.tl0 >= 0 else None,
            )
        if rewriter.is_newest(output):
            self._between = packet.marker
        self._writer.write(epoch, output, packet)

    def resend(self, lost: tuple[int, ...], now: float) -> None:
        """Answer a NACK from the encoding's cache, within the allowance."""
        self._settle()
        allowance = self._allowance
        for number in lost:
            if not allowance.look(now):
                return
            found = self._rewriter.origin(number)
            if found is None:
                continue
            epoch, sequence = found
            cached = epoch.source.cache.get(sequence, now)
            if cached is not None and allowance.grant(
                number, len(cached.payload), self.octets, now, self.reports.rtt
            ):
                self.resent += 1
                if self._repairs is None:
                    self._resend(epoch, cached)
                else:
                    self.padded += self._repairs.repeat(epoch, cached, self._writer.numbering, now)

    def _resend(self, epoch: Epoch[Encoding], cached: MediaPacket) -> None:
        """On the stream's own SSRC, and byte for byte as it was."""
        length = self._writer.write(epoch, cached.sequence + epoch.sequence_offset, cached)
        self._allowance.exclude(length)

    def pad(self, size: int, now: float) -> int:
        """Send about `size` bytes more, to learn what the link carries; returns how many.

        On the retransmission stream: the newest packet once more, which costs the receiver least
        and may even repair something. Without one, padding on the stream itself, and only between
        two pictures: a packet without payload inside of one would cut it in two.
        """
        if self.encoding is not None:
            self.encoding.flush()
        self._settle()
        sent = 0
        while sent < size:
            if self._repairs is not None:
                taken = self._repairs.fill(self._rewriter.current, self._writer.numbering, now)
            else:
                taken = self._pad(now)
            if not taken:
                break
            sent += taken
        self.padded += sent
        return sent

    def _pad(self, now: float) -> int:
        if not self._between:
            return 0
        if self.encoding is not None:
            self.encoding.rearrange()
        number, timestamp = self._rewriter.insert()
        return self._writer.pad(number, timestamp, now)

    def want_keyframe(self) -> None:
        """The receiver cannot decode: it asked by PLI or FIR. Sound has no keyframes."""
        if not self.is_video:
            return
        for encoding in (self.encoding, self.pending):
            if encoding is not None:
                encoding.requests.want()

    def report(self, source: SenderReport) -> None:
        """Pass on the publisher's sender report in this stream's numbers: lip sync rests on it."""
        epoch = self._rewriter.current
        if epoch is None:
            return
        self._reported = source.ntp_time
        own = SenderReport(
            ssrc=self.ssrc,
            ntp_time=source.ntp_time,
            rtp_time=(source.rtp_time + epoch.timestamp_offset) & 0xFFFFFFFF,
            packets=self.packets & 0xFFFFFFFF,
            octets=self.octets & 0xFFFFFFFF,
        )
        self._output.send_rtcp(
            rtcp.compound(rtcp.sender_report(own), rtcp.cname(self.ssrc, self.cname))
        )

    def _introduce(self, encoding: Encoding) -> None:
        """A new epoch begins: tell its clock, or sound and picture stay apart for up to five
        seconds, the browsers' interval of audio reports. Time never goes back for the receiver."""
        report = encoding.last_report
        if report is not None and report.ntp_time > self._reported:
            self.report(report)
