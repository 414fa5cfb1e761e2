"""The SFU as its application sees it: offers in, answers and events out, packets in between.

    sfu = Sfu(SfuConfig(port=8080), on_event)
    await sfu.start()
    await sfu.prepare()
    answer = sfu.answer("live/1", "alice", "publish", offer_sdp)
    sfu.leave("live/1", "alice", answer.session)

Everything runs in one thread on one event loop; a heartbeat drives whatever is periodic.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from media import survey
from media.codecs import Kind
from media.errors import NoHls, NoSession, StaleSession
from media.events import Event, Listener, Reason, Role
from media.heart import Heart
from media.hls.broadcasts import WANTED, Broadcasts
from media.peer import Peer
from media.peer import Transport as Link
from media.recording.process import WriterProcess
from media.recording.recorder import Limits
from media.recording.recordings import Recordings
from media.recording.snapshots import Snapshot
from media.room import Room
from media.routing.batches import Batches
from media.routing.publication import Publication
from media.signalling.answer import TransportDescription, write_answer
from media.signalling.fragment import read_fragment, write_fragment
from media.signalling.negotiation import Agreement, negotiate
from media.signalling.offer import read_offer
from media.statistics import SfuStatistics, to_json
from media.totals import Totals
from media.transport.fingerprint import Fingerprint
from media.transport.hub import Transport
from media.transport.ice import IceCredentials

logger = logging.getLogger(__name__)

EGRESS_BYTES = 2048


@dataclass(frozen=True, slots=True)
class SfuConfig:
    """`announced` are the addresses put into answers; none: those of this machine.

    `tcp_port` is for peers whose network drops UDP; without `tcp_listen` somebody else accepts
    there and hands connections over by `Sfu.accept_tcp`.

    `slots` is K, how many voices a talker hears at a time; `max_peers` bounds one room.
    `snapshots`: seconds between pictures of what a room's publisher shows, 0 for none. With `hls`
    rooms can be watched by HLS, and publishers are asked for codecs that it can show. `bell`: the
    password under which anybody may ask by an ICE check whether the port can be reached
    (`media.transport.ring`); None: nobody.
    """

    host: str = "0.0.0.0"
    port: int = 0
    announced: tuple[str, ...] = ()
    tcp_port: int | None = None
    tcp_listen: bool = True
    slots: int = 6
    max_peers: int = 500
    snapshots: float = 0.0
    bell: str | None = field(default=None, repr=False)
    hls: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """`session` names this negotiation: a peer that comes again gets another. `slots` is how many
    receiving m-lines a talker got. `tag` names the ICE session: a restart gets another."""

    sdp: str
    session: str
    slots: int
    tag: str


@dataclass(frozen=True, slots=True)
class Restarted:
    """Our ICE fragment after a restart, and the new tag."""

    fragment: str
    tag: str


class Sfu:
    """One UDP port, many rooms. `on_event` is called synchronously and must not block."""

    def __init__(
        self,
        config: SfuConfig,
        on_event: Listener,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.config = config
        self._on_event = on_event
        self._clock = clock
        self._batches = Batches()
        self._transport = Transport(clock, config.announced, self._batches.flush, bell=config.bell)
        self._rooms: dict[str, Room] = {}
        self._totals = Totals()
        self._egress = bytearray(EGRESS_BYTES)
        writer = WriterProcess()
        self._recordings = Recordings(
            config.snapshots, self._emit, writer, egress=self._egress, clock=clock
        )
        self._broadcasts = Broadcasts(writer, self._shown, egress=self._egress, clock=clock)
        self._heart = Heart(lambda: self._tick(clock()), self._is_in_use)

    async def start(self) -> None:
        """Open the port. Raises OSError."""
        config = self.config
        await self._transport.start(
            config.host, config.port, config.tcp_port, listen=config.tcp_listen
        )
        self._heart.start()

    async def prepare(self) -> None:
        """Before the first `answer`, which holds the event loop up for longer otherwise."""
        await self._transport.prepare()

    async def close(self) -> None:
        """End every peer (they are told by DTLS) and the port."""
        await self._heart.stop()  # it must not tick what is half closed
        now = self._clock()
        for key in tuple(self._rooms):
            self._close_room(key, "shutdown", now)
        self._broadcasts.close()
        await self._recordings.close()
        await self._transport.close()

    @property
    def port(self) -> int:
        return self._transport.port

    def answer(
        self, room_key: str, peer_key: str, role: Role, offer: str, owner: str | None = None
    ) -> Answer:
        """Negotiate a peer into a room, in the place of one with the same key. Peers of one owner
        do not watch each other.

        Raises BadOffer, UnsupportedCodec, RoomFull, AlreadyPublished, NoPublication.
        """
        self._transport.glance()
        described = read_offer(offer)
        room = self._rooms.get(room_key)
        if room is None:
            room = Room(room_key, self._emit, self.config.max_peers, self._totals)
        room.check(peer_key, role)
        agreement = negotiate(
            described,
            role,
            slots=self.config.slots,
            published=room.stage.codecs,
            viewers=room.stage.capabilities,
            wanted=WANTED if self.config.hls else (),
            new_ssrc=_random_ssrc,
        )
        now = self._clock()
        peer = Peer(peer_key, role, agreement, room, self._egress, self._batches, owner)
        sdp = self._connect(peer, room, agreement)
        room.admit(peer, now)
        # Last: whoever hears that an older peer was replaced may close the room on hearing it.
        self._rooms[room_key] = room
        self._heart.wake()
        slots = len(agreement.outgoing) if role == "talk" else 0
        return Answer(sdp, peer.session, slots, peer.transport.local_ice.ufrag)

    def patch(
        self, room_key: str, peer_key: str, session: str | None, fragment: str, tag: str = "*"
    ) -> Restarted | None:
        """A peer's trickled candidates or ICE restart (RFC 9725 section 4.3), keeping its keys.

        `tag` is that of the ICE session it means, `*` any. None when there is nothing to say.
        Raises NoSession, StaleSession, BadOffer.
        """
        room = self._rooms.get(room_key)
        peer = room.peers.get(peer_key) if room is not None else None
        if peer is None or session not in (None, peer.session):
            raise NoSession
        link = peer.transport
        if tag not in ("*", link.local_ice.ufrag):
            raise StaleSession
        theirs = read_fragment(fragment)
        if theirs.ufrag != link.remote_ice.ufrag:
            link.restart(IceCredentials(theirs.ufrag, theirs.pwd))
        elif tag != "*":
            return None
        # Said again for one who asks again: its last answer was lost.
        return Restarted(write_fragment(self._describe(link)), link.local_ice.ufrag)

    def accept_tcp(self) -> asyncio.Protocol:
        """What serves a TCP connection whose first byte `media.transport.tcp.begins_ice`."""
        return self._transport.tcp.accept()

    def leave(self, room_key: str, peer_key: str, session: str | None = None) -> bool:
        """A peer goes by itself. False when it, or this session of it, is not there (any more)."""
        room = self._rooms.get(room_key)
        peer = room.peers.get(peer_key) if room is not None else None
        if room is None or peer is None or session not in (None, peer.session):
            return False
        room.remove(peer_key, "left", self._clock())
        self._sweep(room)
        return True

    def peers(self, room_key: str) -> tuple[str, ...]:
        """The keys of those in a room."""
        room = self._rooms.get(room_key)
        return () if room is None else tuple(room.peers)

    def on_stage(self, room_key: str) -> tuple[str | None, ...]:
        """The guests of a live who are seen, by place; empty without such a room."""
        room = self._rooms.get(room_key)
        return () if room is None else room.stage.places

    def mute(self, room_key: str, peer_key: str, muted: bool) -> None:
        """Stop or resume forwarding what a peer says. Unknown ones are ignored."""
        room = self._rooms.get(room_key)
        if room is not None:
            room.mute(peer_key, muted)

    def close_room(self, room_key: str) -> None:
        """End a room with all its peers. Idempotent."""
        self._recordings.stop(room_key)
        self._broadcasts.stop(room_key)
        self._close_room(room_key, "room_closed", self._clock())

    def record(self, room_key: str, folder: Path, limits: Limits | None = None) -> None:
        """Write what the room publishes into files in `folder`, through reloads of its publisher,
        until `stop_recording` or `close_room`. Each file is told of by RecordingStarted and
        RecordingFinished."""
        self._recordings.record(room_key, folder, limits or Limits())

    def stop_recording(self, room_key: str) -> None:
        """Idempotent."""
        self._recordings.stop(room_key)

    def snapshot(self, room_key: str) -> Snapshot | None:
        """The newest picture of what the room shows, where SfuConfig wants pictures."""
        return self._recordings.snapshot(room_key)

    def has_room(self, room_key: str) -> bool:
        return room_key in self._rooms

    def viewers(self, room_key: str) -> int:
        """How many watch over WebRTC."""
        room = self._rooms.get(room_key)
        return sum(peer.role == "watch" for peer in room.peers.values()) if room is not None else 0

    def has_hls(self, room_key: str) -> bool:
        """Whether what the room shows now can be had by HLS."""
        return self.config.hls and self._broadcasts.can(room_key)

    async def hls_playlist(
        self, room_key: str, segment: int | None = None, part: int | None = None
    ) -> str:
        """A live playlist, once it has this segment or part (`_HLS_msn`, `_HLS_part`). Asking for
        one begins the stream. Raises NoHls, TooEarly, HlsBusy."""
        if not self.config.hls:
            raise NoHls
        return await self._broadcasts.playlist(room_key, segment, part)

    async def hls_file(self, room_key: str, name: str) -> bytes:
        """What a playlist names. Raises NoSegment, HlsBusy."""
        return await self._broadcasts.file(room_key, name)

    def statistics(self) -> SfuStatistics:
        """Every figure there is, down to the layer."""
        counters = self._transport.counters
        totals = self._totals.beside(
            p for room in self._rooms.values() for p in room.peers.values()
        )
        totals.dropped.update({str(why): count for why, count in counters.dropped.items()})
        return SfuStatistics(
            received_packets=counters.received_packets,
            received_bytes=counters.received_bytes,
            sent_packets=counters.sent_packets,
            sent_bytes=counters.sent_bytes,
            dropped=dict(totals.dropped),
            streams=dict(totals.counts),
            objects=self.objects(),
            recordings=self._recordings.stats(),
            hls=self._broadcasts.stats(),
            rooms=survey.rooms(self._rooms, self._clock()),
        )

    def stats(self) -> dict[str, Any]:
        """`statistics` as JSON says them."""
        return to_json(self.statistics())

    def objects(self) -> dict[str, int]:
        """How many of each kind are alive: what grows without peers that grow is a leak."""
        rooms = self._rooms.values()
        peers = [peer for room in rooms for peer in room.peers.values()]
        return self._transport.objects() | {
            "rooms": len(self._rooms),
            "peers": len(peers),
            "subscriptions": sum(len(peer.subscriptions) for peer in peers),
            "seats": sum(room.seats for room in rooms),
            "recordings": self._recordings.count,
            "broadcasts": self._broadcasts.count,
            "tasks": len(asyncio.all_tasks()),
        }

    def _connect(self, peer: Peer, room: Room, agreement: Agreement) -> str:
        offer = agreement.offer
        # We are the DTLS server, which saves a round trip, unless the offer wants to be it.
        passive = offer.setup == "passive"
        link = self._transport.link(
            f"{room.label} {peer.key}",
            IceCredentials(offer.ufrag, offer.pwd),
            [Fingerprint(algorithm, value) for algorithm, value in offer.fingerprints],
            "client" if passive else "server",
            peer,
        )
        peer.attach(link, secrets.randbits)
        description = self._describe(link, "active" if passive else "passive")
        answer = write_answer(agreement, description, secrets.randbits(62))
        link.start()
        return answer

    def _describe(
        self, link: Link, setup: Literal["passive", "active"] = "passive"
    ) -> TransportDescription:
        return TransportDescription(
            ufrag=link.local_ice.ufrag,
            pwd=link.local_ice.pwd,
            fingerprint=link.fingerprint,
            setup=setup,
            candidates=tuple(self._transport.candidates()),
            tcp_candidates=tuple(self._transport.tcp_candidates()),
        )

    def _close_room(self, room_key: str, reason: Reason, now: float) -> None:
        room = self._rooms.get(room_key)
        if room is not None:
            room.close(reason, now)
            self._sweep(room)

    def _sweep(self, room: Room) -> None:
        if not room.peers:
            self._rooms.pop(room.key, None)

    def _emit(self, event: Event) -> None:
        try:
            self._on_event(event)
        except Exception:
            # A listener's mistake must not tear the packet path down.
            logger.exception("x dropped: event %s", type(event).__name__)

    def _is_in_use(self) -> bool:
        return bool(self._rooms or self._recordings.count or self._broadcasts.count)

    def _tick(self, now: float) -> None:
        # One mistake must not stop the heart of all: each part fails for itself.
        try:
            self._transport.tick(now)
        except Exception:
            logger.exception("x dropped: heartbeat of the transport")
        for room in tuple(self._rooms.values()):
            try:
                room.tick(now)
            except Exception:
                logger.exception("x dropped: heartbeat of %s", room.label)
            self._sweep(room)
        try:
            self._recordings.tick(self._rooms, self._shown, now)
            self._broadcasts.tick(now)
        except Exception:
            logger.exception("x dropped: heartbeat of recordings and HLS")

    def _shown(self, room_key: str) -> Mapping[Kind, Publication]:
        room = self._rooms.get(room_key)
        publisher = room.stage.publisher if room is not None else None
        if publisher is None:
            return {}
        return {track.incoming.kind: track.publication for track in publisher.tracks}


def _random_ssrc() -> int:
    # 0 means "no stream" in feedback messages, and small numbers are ours.
    return secrets.randbelow(0xFFFFFF00) + 0x100
