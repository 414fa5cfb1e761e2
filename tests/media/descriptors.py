"""Dependency descriptors as a publisher writes them: structures bit by bit (AV1 RTP, A.8)."""

from __future__ import annotations

from collections.abc import Sequence

from media.packets.dependency import DISCARDABLE, NOT_PRESENT, SWITCH

KEY, DELTA_0, DELTA_1, DELTA_2 = 60, 61, 62, 63
"""Templates of L1T2 and L1T3, the last of L1T3 alone."""


def packed(bits: str) -> bytes:
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def structure(
    indications: Sequence[Sequence[int]], layers: str, resolutions: Sequence[tuple[int, int]] = ()
) -> str:
    """Two templates' worth of references and one chain, so that all is there to be skipped."""
    targets = len(indications[0])
    bits = f"{KEY:06b}{targets - 1:05b}{layers}11"
    bits += "".join(f"{each:02b}" for row in indications for each in row)
    bits += "0" + "".join("1" + "0001" + "0" for _ in indications[1:])
    width = (targets + 1).bit_length()
    short = (1 << width) - (targets + 1)
    bits += f"{1:0{width - 1}b}" if short > 1 else f"{1 + short:0{width}b}"  # one chain
    bits += "0001" * len(indications)
    bits += "1" if resolutions else "0"
    return bits + "".join(f"{w - 1:016b}{h - 1:016b}" for w, h in resolutions)


L1T2 = structure(
    [[SWITCH, SWITCH], [SWITCH, SWITCH], [NOT_PRESENT, DISCARDABLE]], "0001", [(640, 360)]
)
L1T3 = structure(
    [
        [SWITCH, SWITCH, SWITCH],
        [SWITCH, SWITCH, SWITCH],
        [NOT_PRESENT, DISCARDABLE, SWITCH],
        [NOT_PRESENT, NOT_PRESENT, DISCARDABLE],
    ],
    "000101",
    [(640, 360)],
)
"""As libwebrtc describes it."""


def descriptor(template: int, number: int, extended: str = "", *, start: bool = True) -> bytes:
    head = bytes([start << 7 | 1 << 6 | template]) + number.to_bytes(2, "big")
    return head + (packed(extended) if extended else b"")
