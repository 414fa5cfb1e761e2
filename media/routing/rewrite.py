"""Makes one continuous RTP stream of many: a receiver sees no jump when its source changes.

A stream of packets from one source is an *epoch*: while it lasts, output = input + constant offsets
in sequence number, timestamp and (VP8, VP9) picture ids. Leaving a packet out, or putting one in,
begins another. Because an epoch is a handful of constants, a
retransmission can be traced back and comes out byte for byte as it was sent, which AEAD ciphers
demand (a nonce must never protect two plaintexts, RFC 7714, 8.4).

All sequence numbers here are unwrapped (they count on past 65535).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

S = TypeVar("S")

MAX_EPOCHS = 64
"""Three seconds of temporal layers left out; older packets are in no cache any more."""
OPEN = 1 << 62
_SEQUENCE_MASK = 0xFFFF
_TIMESTAMP_MASK = 0xFFFFFFFF


@dataclass(slots=True)
class Epoch(Generic[S]):
    """One source's turn. Offsets are added to the source's numbers; `end_output` is one past its
    last packet, OPEN while it lasts; `begun` is the source's timestamp at its beginning."""

    source: S
    first_input: int
    first_output: int
    sequence_offset: int
    timestamp_offset: int
    picture_offset: int = 0
    tl0_offset: int = 0
    end_output: int = OPEN
    begun: int = 0


class StreamRewriter(Generic[S]):
    """The numbering of one outgoing stream. `first_sequence` should be random (RFC 3550, 5.1)."""

    __slots__ = (
        "_clock_rate",
        "_epochs",
        "_last_at",
        "_last_picture",
        "_last_timestamp",
        "_last_tl0",
        "_next",
        "_skipped",
        "current",
    )

    def __init__(self, clock_rate: int, first_sequence: int, first_timestamp: int) -> None:
        self._clock_rate = clock_rate
        # One turn of 65,536 ahead, so that unwrapping a NACK never goes below zero.
        self._next = first_sequence + 0x10000
        self._last_timestamp = first_timestamp
        self._last_at: float | None = None
        self._last_picture = 0
        self._last_tl0 = 0
        self._skipped: int | None = None
        self._epochs: deque[Epoch[S]] = deque(maxlen=MAX_EPOCHS)
        self.current: Epoch[S] | None = None

    def switch(
        self,
        source: S,
        sequence: int,
        timestamp: int,
        now: float,
        *,
        picture: int | None = None,
        tl0: int | None = None,
    ) -> Epoch[S]:
        """Begin an epoch with the packet (sequence, timestamp): it continues what was sent last."""
        elapsed, first = 0, not self._epochs
        if self._last_at is not None:
            elapsed = max(1, round((now - self._last_at) * self._clock_rate))
        target = self._last_timestamp + elapsed
        epoch = Epoch(
            source=source,
            first_input=sequence,
            first_output=self._next,
            sequence_offset=self._next - sequence,
            timestamp_offset=(target - timestamp) & _TIMESTAMP_MASK,
            picture_offset=0 if first or picture is None else self._last_picture + 1 - picture,
            tl0_offset=0 if first or tl0 is None else self._last_tl0 + 1 - tl0,
            begun=timestamp,
        )
        self._begin(epoch)
        return epoch

    def skip(self, sequence: int, picture: int | None) -> bool:
        """Leave the source's packet out; what follows it closes up. False when its number has gone
        by already: then it is expected, and must be sent.

        `picture` is its picture id, and a picture that is left out leaves no gap in these either.
        """
        epoch = self.current
        assert epoch is not None
        output = sequence + epoch.sequence_offset
        if output < self._next:
            return False
        self._next = output
        shift = 0 if picture is None or picture == self._skipped else 1
        self._skipped = picture
        self._begin(
            replace(
                epoch,
                first_input=sequence + 1,
                first_output=output,
                sequence_offset=epoch.sequence_offset - 1,
                picture_offset=epoch.picture_offset - shift,
            )
        )
        return True

    def insert(self) -> tuple[int, int]:
        """(number, timestamp) of a packet of our own, without payload, after what was sent last.

        It belongs to no epoch: it is never sent again.
        """
        number = self._next
        epoch = self.current
        self._next += 1
        if epoch is not None:
            first = number - epoch.sequence_offset
            offset = epoch.sequence_offset + 1
            self._begin(
                replace(epoch, first_input=first, first_output=number + 1, sequence_offset=offset),
                end=number,
            )
        return number, self._last_timestamp

    def late(self, source: S, sequence: int) -> tuple[Epoch[S], int] | None:
        """The epoch and number of a packet from before the current epoch; None when it has none."""
        for epoch in reversed(self._epochs):
            if epoch.source is source and sequence >= epoch.first_input:
                output = sequence + epoch.sequence_offset
                return (epoch, output) if epoch.first_output <= output < epoch.end_output else None
        return None

    def _begin(self, epoch: Epoch[S], end: int | None = None) -> None:
        if self._epochs:
            last = self._epochs[-1]
            if last.end_output == OPEN:
                last.end_output = self._next if end is None else end
            if last.end_output <= last.first_output:
                self._epochs.pop()  # nothing was sent in it
        self._epochs.append(epoch)
        self.current = epoch

    def advance(self, sequence: int, timestamp: int, now: float) -> int | None:
        """The output number of the current source's packet, None when it came before its epoch.

        Late packets inside the epoch keep their place. `timestamp` is the input's.
        """
        epoch = self.current
        assert epoch is not None
        output = sequence + epoch.sequence_offset
        if output < epoch.first_output:
            return None
        if output >= self._next:
            self._next = output + 1
            self._last_timestamp = (timestamp + epoch.timestamp_offset) & _TIMESTAMP_MASK
            self._last_at = now
        return output

    def is_newest(self, output: int) -> bool:
        """Whether nothing later was sent."""
        return output == self._next - 1

    def saw_picture(self, output: int, picture: int, tl0: int | None) -> None:
        """Remember the newest outgoing picture ids, from which the next epoch counts on."""
        if not self.is_newest(output):
            return
        self._last_picture = picture
        if tl0 is not None:
            self._last_tl0 = tl0

    def follow(self, sequence: int, timestamp: int, at: float, picture: int, tl0: int) -> bool:
        """The current source's packets were sent up to this one (its own numbers; −1: no picture
        ids), with the epoch's offsets and none left out. Whether it is the newest of all."""
        epoch = self.current
        output = None if epoch is None else self.advance(sequence, timestamp, at)
        if epoch is None or output is None:
            return False
        if picture >= 0:
            newest = tl0 + epoch.tl0_offset if tl0 >= 0 else None
            self.saw_picture(output, picture + epoch.picture_offset, newest)
        return self.is_newest(output)

    def stop(self) -> None:
        """The source is gone; the next `switch` counts on from here."""
        if self.current is not None:
            self.current.end_output = self._next
        self.current = None

    def origin(self, sequence: int) -> tuple[Epoch[S], int] | None:
        """Whence came what was sent as `sequence` (16 bit, of a NACK): epoch and input number."""
        behind = (self._next - 1 - sequence) & _SEQUENCE_MASK
        output = self._next - 1 - behind
        if behind >= 0x8000:
            return None
        for epoch in reversed(self._epochs):
            if output >= epoch.first_output:
                known = output < epoch.end_output
                return (epoch, output - epoch.sequence_offset) if known else None
        return None
