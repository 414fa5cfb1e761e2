"""Transport-wide feedback for a publisher (draft-holmer-rmcat-transport-wide-cc-extensions-01).

The publisher numbers all its packets; we answer with what arrived when, and it runs its own
congestion control. This module only writes the bytes; who collects arrivals keeps the state.
"""

from __future__ import annotations

from collections.abc import Sequence
from struct import Struct

from media.packets.rtcp import RTPFB, TWCC_FORMAT

TICKS_PER_SECOND = 4000
"""Deltas count 250 µs."""
TICKS_PER_REFERENCE = 256
"""The reference time counts 64 ms."""
MAX_PACKETS = 32
"""Of one report; numbers that jump and jump again would make a message each."""
MAX_STATUSES = 512
"""Packets described by one message: below 1200 bytes even if every delta takes two."""

ABSENT, SMALL, LARGE = 0, 1, 2

_HEAD = Struct("!BBHIIHHI")


def build(
    arrivals: Sequence[tuple[int, float]],
    *,
    sender_ssrc: int,
    media_ssrc: int,
    count: int,
    start: int | None = None,
) -> list[bytes]:
    """The RTCP packets that report `arrivals`; several after a long gap or many packets,
    and no more than MAX_PACKETS: what is beyond goes unreported.

    `arrivals` are (unwrapped transport-wide number, seconds on any steady clock), ascending by
    number; each becomes "received at". Numbers between them, and from `start` (one past what the
    feedback before spoke of) to the first, become "not received". `count` is the first packet's
    feedback count, modulo 256; the caller adds `len(result)` for its next call.
    """
    ticks = [(number, round(now * TICKS_PER_SECOND)) for number, now in arrivals]
    packets: list[bytes] = []
    position = 0
    while position < len(ticks) and len(packets) < MAX_PACKETS:
        first = ticks[position][0]
        # What a message cannot span is left out: those packets are lost for good.
        if start is None or not 0 <= first - start < MAX_STATUSES:
            start = first
        reference = ticks[position][1] // TICKS_PER_REFERENCE
        statuses, deltas = _describe(ticks, position, start, reference)
        position += len(statuses) - statuses.count(ABSENT)
        head = (sender_ssrc, media_ssrc, start, len(statuses), reference, count + len(packets))
        packets.append(_pack(head, _chunks(statuses) + deltas))
        start += len(statuses)
    return packets


def _describe(
    ticks: list[tuple[int, int]], position: int, start: int, reference: int
) -> tuple[list[int], bytearray]:
    """Symbols and deltas from `ticks[position]` on, as far as one message reaches."""
    statuses: list[int] = []
    deltas = bytearray()
    clock = reference * TICKS_PER_REFERENCE
    for number, tick in ticks[position:]:
        delta = tick - clock
        missing = number - start - len(statuses)
        if len(statuses) + missing >= MAX_STATUSES or not -0x8000 <= delta <= 0x7FFF:
            break
        statuses += [ABSENT] * missing
        clock = tick
        if 0 <= delta <= 255:
            statuses.append(SMALL)
            deltas.append(delta)
        else:
            statuses.append(LARGE)
            deltas += delta.to_bytes(2, "big", signed=True)
    return statuses, deltas


def _chunks(statuses: list[int]) -> bytes:
    """Run lengths where they pay, else vectors of 14 one-bit or 7 two-bit symbols (3.1.3)."""
    out = bytearray()
    position = 0
    total = len(statuses)
    while position < total:
        symbol = statuses[position]
        run = position + 1
        while run < total and statuses[run] == symbol:
            run += 1
        run -= position
        window = statuses[position : position + 14]
        if run >= len(window) or (run >= 7 and LARGE in window):
            run = min(run, 0x1FFF)
            chunk = symbol << 13 | run
            position += run
        elif LARGE not in window:
            chunk = 0x8000
            for index, value in enumerate(window):
                chunk |= value << (13 - index)
            position += 14
        else:
            chunk = 0xC000
            for index, value in enumerate(window[:7]):
                chunk |= value << (12 - 2 * index)
            position += 7
        out += chunk.to_bytes(2, "big")
    return bytes(out)


def _pack(head: tuple[int, int, int, int, int, int], body: bytes) -> bytes:
    sender_ssrc, media_ssrc, start, statuses, reference, count = head
    padding = -len(body) % 4
    tail = bytes(padding - 1) + bytes([padding]) if padding else b""
    return (
        _HEAD.pack(
            0x80 | (0x20 if padding else 0) | TWCC_FORMAT,
            RTPFB,
            (16 + len(body) + padding) // 4,
            sender_ssrc,
            media_ssrc,
            start & 0xFFFF,
            statuses,
            (reference & 0xFFFFFF) << 8 | count & 255,
        )
        + body
        + tail
    )
