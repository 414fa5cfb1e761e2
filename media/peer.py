"""One peer: its transport, what it publishes and what it receives. The place where they meet.

    RTP in    media.tracks (whose packet) → routing/publication → the batch of its routing/encoding;
              one by one: routing/subscription → the link
    RTCP in   media.feedback: a handler per message
    RTCP out  media.reporting to a publisher, routing/subscription to a receiver

Everything here is synchronous. Statistics are read from the same objects by `stats`.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, cast

from media.errors import MalformedPacket
from media.events import Reason, Role
from media.feedback import Feedback
from media.packets import red
from media.packets.red import Block
from media.packets.rtp import HeaderTemplate, RtpPacket, Ssrc
from media.reporting import Reporting
from media.routing.batches import Batches
from media.routing.encoding import Encoding
from media.routing.output import Output
from media.routing.publication import Publication
from media.routing.repairs import RepairStream
from media.routing.subscription import Subscription
from media.signalling.answer import CNAME
from media.signalling.negotiation import ABS_SEND_TIME, AUDIO_LEVEL, MID, Agreement, Outgoing
from media.tracks import Track, Tracks
from media.transport.ice import IceCredentials

NOTED_EVERY = 0.1
"""Seconds between looks whether batches went out. As much longer may a link's silence be than two
of its pulses, and each of the three is a beat late: 0.75 s in all, even when beats take 80 ms.
After 0.8 s browsers of ours doubt it."""

MEASURED_EVERY = 0.5
"""Seconds between looks at how much went out; rates are told over a second or a little more."""


class Transport(Output, Protocol):
    """What a peer needs of its link."""

    @property
    def connected(self) -> bool: ...

    @property
    def fingerprint(self) -> str: ...

    @property
    def local_ice(self) -> IceCredentials: ...

    @property
    def remote_ice(self) -> IceCredentials: ...

    def restart(self, remote_ice: IceCredentials) -> IceCredentials: ...

    def note_batches(self) -> None: ...

    def close(self) -> None: ...


class Observer(Protocol):
    """Who is told of what a peer does: its room."""

    def peer_connected(self, peer: Peer, now: float) -> None: ...

    def peer_started(self, peer: Peer) -> None:
        """The first media packet came in."""

    def peer_heard(self, peer: Peer, level: int, now: float) -> None:
        """An audio packet with this level: 0 loudest … 127 silent."""

    def peer_closed(self, peer: Peer, reason: Reason) -> None: ...


class Peer:
    """Implements the sink of its link. `attach` gives it the link, after the agreement is known.

    Peers of one `owner` belong to one person: they do not watch each other.
    """

    def __init__(
        self,
        key: str,
        role: Role,
        agreement: Agreement,
        observer: Observer,
        egress: bytearray,
        batches: Batches | None = None,
        owner: str | None = None,
    ) -> None:
        """Without `batches` every packet is forwarded at once."""
        self.key = key
        self.role: Role = role
        self.owner = owner
        self.session = secrets.token_urlsafe(16)
        self.started = False
        self.dropped: Counter[str] = Counter()
        self.tracks = Tracks(agreement.incoming, batches)
        self.outgoing = agreement.outgoing
        self.decodes = agreement.decodes
        self.subscriptions: dict[int, Subscription] = {}
        self._observer = observer
        self._egress = egress
        self._link: Transport | None = None
        self._packet = RtpPacket()
        self._feedback = Feedback(self.subscriptions, self.tracks.streams, self.dropped)
        self._reporting = Reporting(self.tracks)
        self._noted_at = self._measured_at = float("-inf")
        self._watches = any(line.codec.kind == "video" for line in agreement.outgoing)
        self._publishes = bool(agreement.incoming)

    def attach(self, link: Transport, random: Callable[[int], int]) -> None:
        """Give the peer its transport; `random(bits)` starts each stream's numbering."""
        self._link = link
        for line in self.outgoing:
            self.subscriptions[line.ssrc] = _subscription(line, link, self._egress, random)

    @property
    def transport(self) -> Transport:
        """After `attach`."""
        assert self._link is not None
        return self._link

    @property
    def connected(self) -> bool:
        return self._link is not None and self._link.connected

    @property
    def estimate(self) -> int | None:
        """bit/s that we believe the path to this peer carries; None while no limit is known."""
        estimate = self._feedback.viewing.bandwidth.estimate
        return None if estimate is None else round(estimate)

    @property
    def remb(self) -> int | None:
        """bit/s that the peer said last, of its video alone; None before it did."""
        return self._feedback.remb

    def publication(self, kind: str) -> Publication | None:
        """What this peer publishes of a kind, None when it does not."""
        for track in self.tracks:
            if track.incoming.kind == kind:
                return track.publication
        return None

    def received(self, place: int) -> Iterator[Subscription]:
        """The streams that show who stands there: 0 the publisher, 1… the guests."""
        for line, subscription in zip(self.outgoing, self.subscriptions.values(), strict=True):
            if line.place == place:
                yield subscription

    def set_muted(self, muted: bool) -> None:
        """Stop or resume forwarding what this peer says; its picture goes on."""
        sound = self.publication("audio")
        if sound is not None:
            sound.mute(muted)

    def close(self) -> None:
        """End the transport and all routing from and to this peer."""
        for track in self.tracks:
            track.publication.close()
        for subscription in self.subscriptions.values():
            subscription.leave()
        if self._link is not None:
            self._link.close()

    def on_connected(self, now: float) -> None:
        self._observer.peer_connected(self, now)

    def on_rerouted(self) -> None:
        for subscription in self.subscriptions.values():
            subscription.rerouted()

    def on_moved(self, now: float) -> None:
        """Both ends of what was lost meanwhile need a keyframe, and not only when they notice."""
        self._feedback.viewing.on_moved(now)
        for subscription in self.subscriptions.values():
            subscription.want_keyframe()
        for track in self.tracks:
            for encoding in track.publication.encodings.values():
                encoding.requests.want()

    def on_closed(self, reason: str) -> None:
        self._observer.peer_closed(self, cast("Reason", reason))

    def on_rtp(self, buffer: bytearray, length: int, now: float) -> None:
        """One decrypted packet: the beginning of the packet path."""
        packet = self._packet
        try:
            packet.parse(buffer, length)
            self._route(packet, length, now)
        except MalformedPacket:
            self.dropped["malformed_rtp"] += 1

    def _route(self, packet: RtpPacket, length: int, now: float) -> None:
        tracks = self.tracks
        again = packet.payload_type in tracks.rtx
        older = tracks.unpack(packet) if packet.payload_type in tracks.red else ()
        stream = tracks.repair(packet) if again else tracks.find(packet)
        if stream is not None and not stream[0].policer.passes(length, now):
            # Nor is it reported: who runs congestion control shall see it lost.
            self.dropped["over_rate"] += 1
            return
        self._reporting.record(packet, now)
        if stream is None:
            self.dropped["unasked_repair" if again else "unknown_stream"] += 1
            return
        track, encoding = stream
        if packet.payload_type != track.incoming.codec.payload_type:
            self.dropped["unknown_payload_type"] += 1
            return
        level = -1
        if track.level_id:
            found = packet.extension(track.level_id)
            if found is not None and found[1]:
                level = packet.buffer[found[0]]
                if not track.publication.muted:
                    self._observer.peer_heard(self, level & 127, now)
        track.publication.receive(encoding, packet, now, level, again, older)
        losses = encoding.losses
        if losses is not None and older and losses:
            self._recover(track, encoding, packet, older, now)
        if losses is not None and losses.next_at <= now and self._link is not None:
            self._reporting.ask(self._link, encoding, now)
        if not self.started:
            self.started = True
            self._observer.peer_started(self)

    def _recover(
        self,
        track: Track,
        encoding: Encoding,
        packet: RtpPacket,
        older: Sequence[Block],
        now: float,
    ) -> None:
        """What is missing and comes as a copy in a later packet needs not be asked for."""
        losses, newest, timestamp = encoding.losses, packet.sequence, packet.timestamp
        assert losses is not None
        for steps, block in zip(range(len(older), 0, -1), older, strict=True):
            packet.sequence, packet.timestamp = newest, timestamp
            red.take(packet, block, steps)
            if block.length and losses.misses(encoding.reception.place(packet.sequence)):
                track.publication.receive(encoding, packet, now, -1, again=True)

    def on_rtcp(self, data: memoryview, now: float) -> None:
        """One decrypted compound."""
        self._feedback.receive(data, now)

    def tick(self, now: float) -> None:
        """Layers, keyframe requests and feedback; every 50 ms or so."""
        if now - self._noted_at >= NOTED_EVERY:
            self._note_batches(now)
        if now - self._measured_at >= MEASURED_EVERY:
            self._measure(now)
        if self._watches:
            self._feedback.viewing.tick(now)
        if self._publishes and self._link is not None:
            self._reporting.tick(self._link, now)

    def _note_batches(self, now: float) -> None:
        """The link sees nothing of batches, which tell its peer that we are here."""
        since, self._noted_at = self._noted_at, now
        if self._link is not None and any(
            each.batched_since(since) for each in self.subscriptions.values()
        ):
            self._link.note_batches()

    def _measure(self, now: float) -> None:
        self._measured_at = now
        for subscription in self.subscriptions.values():
            if subscription.publication is not None or subscription.reports.bitrate:
                subscription.reports.measure(subscription.octets, now)


def _subscription(
    line: Outgoing, link: Output, egress: bytearray, random: Callable[[int], int]
) -> Subscription:
    fixed = []
    if MID in line.extensions and len(line.mid) <= 16:
        fixed.append((line.extensions[MID], line.mid.encode("ascii")))
    template = HeaderTemplate(
        send_time_id=line.extensions.get(ABS_SEND_TIME),
        audio_level_id=line.extensions.get(AUDIO_LEVEL),
        fixed=fixed,
    )
    repairs = None
    if line.rtx:
        repairs = RepairStream(line.rtx_ssrc, line.rtx, random(15), template, link, egress)
    return Subscription(
        Ssrc(line.ssrc),
        line.codec,
        template,
        link,
        egress,
        cname=CNAME,
        first_sequence=random(15),
        first_timestamp=random(32),
        repairs=repairs,
        redundant=line.red,
    )
