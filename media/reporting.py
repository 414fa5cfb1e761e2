"""RTCP that goes out to one publisher: NACKs, keyframe requests, feedback, reports.

Sender reports to viewers are rewritten where their stream is: `routing/subscription`. What comes in
is `media.feedback`.
"""

from __future__ import annotations

from typing import Protocol

from media.packets import rtcp
from media.packets.rtp import RtpPacket, Ssrc
from media.routing.arrivals import Arrivals
from media.routing.encoding import Encoding
from media.signalling.answer import CNAME
from media.signalling.negotiation import TRANSPORT_CC
from media.tracks import Track, Tracks, shared

OUR_SSRC = 1
"""The sender of our receiver reports and feedback; browsers never look at it."""

FIXED_BITRATE = 2_500_000
"""bit/s promised to publishers that know no transport-wide feedback (FFmpeg, say)."""

_REPORT_INTERVAL = 1.0


class ReportLink(Protocol):
    """What is needed of a link."""

    @property
    def connected(self) -> bool: ...

    def send_rtcp(self, data: bytes) -> bool: ...


class Reporting:
    """What one publisher is told."""

    __slots__ = ("_arrivals", "_reported", "_tracks", "_transport_cc_id")

    def __init__(self, tracks: Tracks) -> None:
        self._tracks = tracks
        self._arrivals = Arrivals()
        self._reported = float("-inf")
        self._transport_cc_id = shared([t.incoming.extensions for t in tracks], TRANSPORT_CC)

    def record(self, packet: RtpPacket, now: float) -> None:
        """A packet arrived; whatever it carries, its transport-wide number counts."""
        if not self._transport_cc_id:
            return
        found = packet.extension(self._transport_cc_id)
        if found is not None and found[1] == 2:
            at = found[0]
            self._arrivals.record(packet.buffer[at] << 8 | packet.buffer[at + 1], now)

    def tick(self, link: ReportLink, now: float) -> None:
        """Say what is due; every 50 ms or so."""
        for track in self._tracks:
            for ssrc in track.publication.tick(now):
                link.send_rtcp(self._keyframe_request(track, ssrc))
        streams = self._tracks.streams
        if not streams or not link.connected:
            return
        for _, encoding in streams.values():
            self.ask(link, encoding, now)
        for feedback in self._arrivals.feedback(OUR_SSRC, next(iter(streams))):
            link.send_rtcp(feedback)
        if now - self._reported >= _REPORT_INTERVAL:
            self._reported = now
            link.send_rtcp(self._receiver_report(now))

    def ask(self, link: ReportLink, encoding: Encoding, now: float) -> None:
        """Ask for what this stream misses by now, as long as anybody wants it."""
        losses = encoding.losses
        if losses is None or losses.next_at > now:
            return
        if not encoding.is_watched:
            losses.forget()
            return
        lost, gave_up = losses.ask(now)
        if gave_up:
            encoding.requests.want()
        if lost:
            link.send_rtcp(rtcp.nack(OUR_SSRC, encoding.ssrc, [each & 0xFFFF for each in lost]))

    def _keyframe_request(self, track: Track, ssrc: Ssrc) -> bytes:
        """A PLI, unless FIR is all that was agreed to."""
        feedback = track.incoming.codec.feedback
        if "ccm fir" in feedback and "nack pli" not in feedback:
            command = self._tracks.streams[ssrc][1].requests.command
            return rtcp.fir(OUR_SSRC, ssrc, command)
        return rtcp.pli(OUR_SSRC, ssrc)

    def _receiver_report(self, now: float) -> bytes:
        streams = self._tracks.streams
        blocks = [encoding.reception_report(now) for _, encoding in streams.values()]
        packets = [rtcp.receiver_report(OUR_SSRC, blocks), rtcp.cname(OUR_SSRC, CNAME)]
        if not self._transport_cc_id:
            packets.append(rtcp.remb(OUR_SSRC, FIXED_BITRATE, list(streams)))
        return rtcp.compound(*packets)
