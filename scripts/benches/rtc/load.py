"""The loop of the load generator: sends what is due, takes in what came, some receivers at
a time, so that it is never busy for long and senders keep their pace.

Latencies rest on the kernel's time of arrival and on a sample that is decrypted; everything else is
counted from the headers. Receivers report once a second, as Chromium does.
"""

from __future__ import annotations

import asyncio
import heapq
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from benches.rtc.batch import Batch
from benches.rtc.packets import stamp_of
from benches.rtc.peer import Peer
from benches.rtc.sdp import REPAIRS
from benches.rtc.tally import Rows, Tally
from media.packets import rtcp
from media.packets.rtp import Ssrc
from media.transport.srtp import PinnedBuffer

ROUND = 0.01
"""Seconds in which every receiver's socket is looked at once."""
STEP = 0.002
"""The longest sleep."""
TURN = 0.1
"""Seconds until the event loop gets one."""
SAMPLE = 47
"""Of so many packets one is decrypted."""
REPORT_EVERY = 1.0


class Packets(Protocol):
    """`left` are those of the current frame that are not written yet."""

    keyframe_wanted: bool
    ssrc: int

    @property
    def left(self) -> int: ...

    def write(self, out: bytearray, now_ns: int) -> int: ...


@dataclass
class Source:
    """Sends one packet, or what is left of a whole frame, every `interval` seconds."""

    peer: Peer
    packets: Packets
    interval: float
    whole_frames: bool = False
    due: float = 0.0
    worst: float = 0.0
    """Seconds by which a packet was late at most."""
    _out: PinnedBuffer = field(default_factory=lambda: PinnedBuffer(bytearray(2048)))

    def send(self, now: float) -> None:
        self.worst = max(self.worst, now - self.due)
        self.due += self.interval
        out, peer = self._out, self.peer
        for _ in range(self.packets.left if self.whole_frames else 1):
            length = self.packets.write(out.buffer, time.time_ns())
            peer.socket.send(out.view[: peer.srtp.protect_rtp(out, length)])


class Load:
    """`sources` send, `receivers` count. `latencies` are seconds, of the sampled packets; `refused`
    of these did not prove to be what the server sent."""

    def __init__(
        self, sources: Sequence[Source], receivers: Sequence[Peer], repaired: float = 0.0
    ) -> None:
        self.sources = sources
        self.tally = Tally()
        self.latencies: list[float] = []
        self.repairs = 0
        self._repaired = repaired
        self._chance = np.random.default_rng(11)
        self.refused = 0
        self._peers = list(dict.fromkeys([*receivers, *(source.peer for source in sources)]))
        self._sent = {source.packets.ssrc: source.packets for source in sources}
        self._receivers = len(receivers)
        self._fds = [peer.socket.fileno() for peer in self._peers]
        self._reports_at = [0.0] * len(self._peers)
        self._batch = Batch()
        self._next = 0
        self._drained = 0.0
        self._phase = 0
        for peer in self._peers:
            Batch.prepare(peer.socket)

    async def run(self, seconds: float) -> None:
        """The event loop gets a turn now and then, or connections of signalling would starve."""
        now = time.perf_counter()
        end = now + seconds
        self._drained = now
        for number, source in enumerate(self.sources):
            source.due = now + source.interval * number / len(self.sources)
        for owner in range(self._receivers):
            self._reports_at[owner] = now + REPORT_EVERY * owner / self._receivers
        while now < end:
            self._spin(min(end, now + TURN))
            await asyncio.sleep(0)
            now = time.perf_counter()

    def forget(self) -> None:
        """What was sampled so far was a warm-up."""
        self.latencies.clear()
        self.repairs = 0
        for source in self.sources:
            source.worst = 0.0

    def _spin(self, end: float) -> None:
        now = time.perf_counter()
        # The number is there for equals, since sources have no order.
        queue = [(source.due, number, source) for number, source in enumerate(self.sources)]
        heapq.heapify(queue)
        while now < end:
            while now >= queue[0][0]:
                _, number, source = queue[0]
                source.send(now)
                heapq.heapreplace(queue, (source.due, number, source))
            self._drain(now)
            now = time.perf_counter()
            wait = queue[0][0] - now
            if wait > 0:
                time.sleep(min(wait, STEP))
                now = time.perf_counter()

    def _drain(self, now: float) -> None:
        batch, count = self._batch, len(self._peers)
        batch.clear()
        share = min(1.0, (now - self._drained) / ROUND)
        self._drained = now
        for _ in range(math.ceil(count * share)):
            owner = self._next = (self._next + 1) % count
            if batch.slots - batch.count < batch.slots // 8:
                self._take_in()
                batch.clear()
            batch.receive(self._fds[owner], owner)
            if owner < self._receivers and now >= self._reports_at[owner]:
                self._reports_at[owner] += REPORT_EVERY
                self._report(owner)
        if batch.count:
            self._take_in()

    def _take_in(self) -> None:
        batch = self._batch
        count = batch.count
        data, owners = batch.data[:count], batch.owners[:count]
        second = data[:, 1]
        media = (data[:, 0] >= 128) & ((second < 192) | (second >= 224))
        for row in np.flatnonzero(~media):
            self._hear(int(owners[row]), batch.datagram(int(row)))
        counted = np.flatnonzero(media & (second & 0x7F != REPAIRS))
        self.repairs += int(media.sum()) - len(counted)
        head = data[counted, :12].astype(np.int64)
        sequences = head[:, 2] << 8 | head[:, 3]
        ssrcs = head[:, 8] << 24 | head[:, 9] << 16 | head[:, 10] << 8 | head[:, 11]
        self.tally.add(owners[counted], ssrcs, sequences)
        if self._repaired:
            self._pretend_loss(owners[counted], ssrcs, sequences)
        for row in counted[self._phase :: SAMPLE]:
            self._time(int(row))
        self._phase = (self._phase - len(counted)) % SAMPLE

    def _pretend_loss(self, owners: Rows, ssrcs: Rows, sequences: Rows) -> None:
        """Ask for some of the packets once more."""
        lost: dict[tuple[int, int], list[int]] = {}
        for row in np.flatnonzero(self._chance.random(len(owners)) < self._repaired):
            stream = int(owners[row]), int(ssrcs[row])
            lost.setdefault(stream, []).append(int(sequences[row]))
        for (owner, ssrc), numbers in lost.items():
            self._peers[owner].send_rtcp(
                rtcp.compound(rtcp.receiver_report(1), rtcp.nack(1, ssrc, numbers))
            )

    def _time(self, row: int) -> None:
        batch = self._batch
        packet = self._peers[int(batch.owners[row])].open_rtp(batch.datagram(row))
        if packet is None:
            self.refused += 1
            return
        sent = stamp_of(packet)
        if sent is not None:
            self.latencies.append((batch.arrived(row) - sent) / 1e9)

    def _hear(self, owner: int, data: bytes) -> None:
        if data[0] < 64:
            self._peers[owner].hear(data)
            return
        for message in rtcp.parse(self._peers[owner].open_rtcp(data)):
            wanted: list[Ssrc] = []
            if isinstance(message, rtcp.Pli):
                wanted = [message.media_ssrc]
            elif isinstance(message, rtcp.Fir):
                wanted = [ssrc for ssrc, _ in message.entries]
            for ssrc in wanted:
                if ssrc in self._sent:
                    self._sent[ssrc].keyframe_wanted = True

    def _report(self, owner: int) -> None:
        streams = self.tally.highest(owner)
        blocks = [
            rtcp.ReportBlock(Ssrc(ssrc), 0, 0, highest & 0xFFFFFFFF, 20, 0, 0)
            for ssrc, highest in streams.items()
        ]
        said = rtcp.receiver_report(1, blocks)
        if streams:
            said = rtcp.compound(said, rtcp.remb(1, int(self._peers[owner].link), list(streams)))
        self._peers[owner].send_rtcp(said)
