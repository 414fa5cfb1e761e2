"""A published track: its encodings, and the routing of each packet to whoever receives it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from media.codecs import Codec
from media.errors import MalformedPacket
from media.packets.red import Block
from media.packets.rtp import RtpPacket, Ssrc
from media.routing.batches import Batches
from media.routing.encoding import Encoding
from media.routing.layers import choose_layer, quality
from media.routing.packet import Copy, MediaPacket
from media.routing.pictures import Picture, PictureReader, reader_of
from media.routing.subscription import Subscription

MAX_ENCODINGS = 4


class Rung(NamedTuple):
    """A picture that can be had: a layer up to a temporal layer of it, for so many bit/s."""

    encoding: Encoding
    temporal: int
    rate: float


Decided = dict[tuple[Encoding | None, Encoding | None, int | None], Encoding | None]
"""The layer to be on, by what a viewer's link carries, its layer now and its limit: most viewers of
a picture stand alike."""


class Publication:
    """One microphone or camera of one peer.

    Video: viewers wait at an encoding until its next keyframe and are then forwarded every packet.
    Audio: there is one encoding, and any packet can begin. While `muted` nobody is served. `rungs`
    are the pictures that can be had, the worst first, as of the last tick; `dependency_id` is the
    publisher's id of the dependency descriptor extension, 0 without it; `redundant` tells that its
    sound may come with copies (RFC 2198).
    """

    __slots__ = (
        "_batches",
        "_dependency_id",
        "_redundant",
        "_subscriptions",
        "codec",
        "encodings",
        "muted",
        "rungs",
    )

    def __init__(
        self,
        codec: Codec,
        dependency_id: int = 0,
        batches: Batches | None = None,
        *,
        redundant: bool = False,
    ) -> None:
        """Without `batches` every packet goes out at once."""
        self.codec = codec
        self.encodings: dict[str, Encoding] = {}
        self.muted = False
        self._subscriptions: dict[Subscription, None] = {}
        self._dependency_id = dependency_id
        self._batches = batches
        self._redundant = redundant
        self.rungs: tuple[Rung, ...] = ()

    @property
    def is_video(self) -> bool:
        return self.codec.kind == "video"

    @property
    def subscriptions(self) -> Iterable[Subscription]:
        return self._subscriptions

    def encoding(self, rid: str, ssrc: Ssrc) -> Encoding | None:
        """The encoding of this layer, carried by this SSRC from now on; None if there are too many.

        A layer that comes back on another SSRC is a new stream: its receivers move over.
        """
        known = self.encodings.get(rid)
        if known is not None and known.ssrc == ssrc:
            return known
        if known is None and len(self.encodings) >= MAX_ENCODINGS:
            return None
        reader = reader_of(self.codec.name, self._dependency_id) if self.is_video else None
        rate = self.codec.clock_rate
        encoding = Encoding(ssrc, rid, rate, reader, redundant=self._redundant)
        self.encodings[rid] = encoding
        if known is not None:
            for subscription in known.subscribers:
                subscription.detach()
                self._offer(subscription, encoding)
            for subscription in tuple(known.waiting):
                subscription.await_keyframe(encoding)
        else:
            for subscription in self._subscriptions:
                self._offer(subscription, encoding)
        return encoding

    def subscribe(self, subscription: Subscription, now: float) -> None:
        """Begin to serve a receiver, video from the best layer's next keyframe on.

        It leaves whatever it received before.
        """
        subscription.leave()
        subscription.publication = self
        self._subscriptions[subscription] = None
        if self.is_video and not self.muted:
            self._settle(subscription, now, {})
        self._offer_all(subscription)

    def unsubscribe(self, subscription: Subscription) -> None:
        """Serve a receiver no longer. Idempotent."""
        if subscription.publication is self:
            del self._subscriptions[subscription]
            subscription.publication = None
            subscription.detach()

    def mute(self, muted: bool) -> None:
        """Stop or resume serving everybody.

        Both ends of the silence are ends of an epoch: an outgoing sequence number that jumped by
        more than 2**15 would make SRTP guess its packet index wrong (RFC 3711, 3.3.1).
        """
        if muted == self.muted:
            return
        self.muted = muted
        for subscription in self._subscriptions:
            subscription.detach()
            self._offer_all(subscription)

    def close(self) -> None:
        """The track is over: its receivers keep their numbering and wait for another."""
        for subscription in tuple(self._subscriptions):
            self.unsubscribe(subscription)
        self.encodings.clear()

    def receive(
        self,
        encoding: Encoding,
        packet: RtpPacket,
        now: float,
        level: int,
        again: bool = False,
        older: Sequence[Block] = (),
    ) -> None:
        """Route one packet. `level` is its RFC 6464 byte, −1 where there is none; `again` tells
        that it came out of a retransmission stream; `older` are the copies that came with it.

        Raises MalformedPacket when the payload is not what its codec says.
        """
        reception = encoding.reception
        sequence: int | None
        if again:
            sequence = reception.place(packet.sequence)
        else:
            sequence = reception.receive(packet.sequence, packet.timestamp, now)
        if sequence is None:
            raise MalformedPacket("RTP sequence number out of any order")
        encoding.count(packet.payload_length, now)
        if reception.restarts != encoding.restarts:
            self._restarted(encoding)
        losses = encoding.losses
        if losses is not None:
            if not losses.admits(sequence, again):
                return
            if not losses.received(sequence, now):
                encoding.requests.want()
        picture, opens = None, False
        if encoding.pictures is not None:
            picture, opens = self._look(encoding, encoding.pictures, packet, now)
        if opens:
            encoding.requests.arrived()
            if losses is not None:
                losses.forget(before=sequence)
        # For who waits too: the rest of a keyframe may overtake its first packet.
        if encoding.subscribers or encoding.waiting:
            kept = _kept(packet, sequence, now, level, picture)
            if older:
                kept.copies = _copies(packet, older)
            self._pass_on(encoding, kept, opens)

    def _look(
        self, encoding: Encoding, pictures: PictureReader, packet: RtpPacket, now: float
    ) -> tuple[Picture | None, bool]:
        """What a video packet says of its picture, and whether it opens a keyframe."""
        # Congestion probes come as packets without a payload: counted through, not looked at.
        picture, opens = None, False
        if packet.payload_length:
            picture = pictures.read(packet)
            opens = pictures.keyframe
            encoding.pulse.beat(packet.timestamp, now)
        temporal = picture.temporal_layer if picture is not None else 0
        encoding.rates.count(packet.payload_length, max(temporal, 0), now)
        return picture, opens

    def _pass_on(self, encoding: Encoding, packet: MediaPacket, opens: bool) -> None:
        if opens:
            waiting, encoding.waiting = encoding.waiting, []
            for subscription in waiting:
                subscription.begin(encoding, packet)
        encoding.cache.put(packet)
        if encoding.subscribers:
            encoding.batch.append(packet)
            if self._batches is None:
                encoding.flush()
            else:
                self._batches.add(encoding)

    def tick(self, now: float) -> list[Ssrc]:
        """Move viewers between layers; returns the SSRCs to ask for a keyframe."""
        if not self.is_video:
            return []
        pulses = [encoding.pulse for encoding in self.encodings.values()]
        for pulse in pulses:
            pulse.check(pulses)
        self.rungs = _rungs(self.encodings.values())
        if not self.muted:
            decided: Decided = {}
            for subscription in self._subscriptions:
                self._settle(subscription, now, decided)
        # A layer that nobody is on any more needs no keyframe, whatever was wanted of it.
        return [e.ssrc for e in self.encodings.values() if e.is_watched and e.requests.due(now)]

    def _settle(self, subscription: Subscription, now: float, decided: Decided) -> None:
        aim = subscription.aim
        if aim.paused:
            return
        current = subscription.pending or subscription.encoding
        position = (aim.best, current, subscription.limit)
        if position not in decided:
            decided[position] = self._layer(*position, now)
        layer = decided[position]
        if layer is None or layer is current:
            return
        if layer is subscription.encoding:
            subscription.stay()
        else:
            subscription.await_keyframe(layer)

    def _layer(
        self, best: Encoding | None, current: Encoding | None, limit: int | None, now: float
    ) -> Encoding | None:
        layers = [
            encoding
            for encoding in self.encodings.values()
            if best is None or encoding is best or quality(encoding) <= quality(best)
        ]
        return choose_layer(layers, current, now, limit)

    def _offer_all(self, subscription: Subscription) -> None:
        for encoding in self.encodings.values():
            self._offer(subscription, encoding)

    def _offer(self, subscription: Subscription, encoding: Encoding) -> None:
        """Serve a receiver that has nothing yet from this encoding."""
        if self.muted:
            return
        if not self.is_video:
            subscription.attach(encoding)
        elif not (subscription.encoding or subscription.pending or subscription.aim.paused):
            subscription.await_keyframe(encoding)

    def _restarted(self, encoding: Encoding) -> None:
        # The sender began anew with other numbers: the old offsets lead nowhere.
        encoding.restarts = encoding.reception.restarts
        if encoding.losses is not None:
            encoding.losses.restart()
        for subscription in encoding.subscribers:
            subscription.detach()
            self._offer(subscription, encoding)


def _kept(
    packet: RtpPacket, sequence: int, now: float, level: int, picture: Picture | None
) -> MediaPacket:
    start = packet.payload_offset
    payload = bytes(packet.buffer[start : start + packet.payload_length])
    if picture is None:
        return MediaPacket(sequence, packet.timestamp, packet.marker, now, payload, level)
    return MediaPacket(
        sequence,
        packet.timestamp,
        packet.marker,
        now,
        payload,
        level,
        picture.picture_id,
        picture.tl0,
        picture.temporal_layer,
        picture.reach,
        picture.from_layer,
    )


def _copies(packet: RtpPacket, older: Sequence[Block]) -> tuple[Copy, ...]:
    return tuple(
        Copy(block.behind, bytes(packet.buffer[block.offset : block.offset + block.length]))
        for block in older
        if block.length
    )


def _rungs(encodings: Iterable[Encoding]) -> tuple[Rung, ...]:
    """Each layer whole and, where it has temporal layers, without the highest of them; the lowest
    layer down to its very base. Better a smaller picture than one of 7 frames a second."""
    rungs: list[Rung] = []
    for encoding in sorted(encodings, key=quality):
        rates = encoding.rates
        if not rates.total:
            continue
        first = max(rates.top - 1, 0) if rungs else 0
        rungs += [Rung(encoding, t, rates.upto(t)) for t in range(first, rates.top + 1)]
    return tuple(rungs)
