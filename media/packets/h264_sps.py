"""The height in a sequence parameter set of H.264 (ITU-T H.264, 7.3.2.1.1), nothing else of it."""

from __future__ import annotations

from media.errors import MalformedPacket
from media.packets.bits import BitReader

MAX_BYTES = 128
"""Looked at; the height stands within the first 20, behind scaling matrices within 120."""

_WITH_CHROMA = frozenset({44, 83, 86, 100, 110, 118, 122, 128, 134, 135, 138, 139, 244})
"""`profile_idc` of those profiles that tell their chroma format."""


def height(unit: bytes) -> int:
    """In pixels, of a whole NAL unit of type 7; 0 where it makes no sense."""
    # Emulation prevention: 00 00 03 stands for 00 00 (7.4.1).
    bits = BitReader(unit[:MAX_BYTES].replace(b"\0\0\3", b"\0\0"))
    try:
        return _height(bits)
    except MalformedPacket:
        return 0


def _height(bits: BitReader) -> int:
    bits.skip(8)  # the NAL unit's header
    profile = bits.read(8)
    bits.skip(16)  # constraints and level
    bits.uvlc()  # the set's id
    # Rows of samples in a row of chroma, which cropping counts in: 4:2:0 without another word.
    chroma_rows = _chroma_rows(bits) if profile in _WITH_CHROMA else 2
    bits.uvlc()  # log2_max_frame_num
    _skip_picture_order(bits)
    bits.uvlc()  # max_num_ref_frames
    bits.skip(1)
    bits.uvlc()  # the width, in macroblocks
    units = bits.uvlc() + 1
    fields = 1 if bits.flag() else 2  # frame_mbs_only_flag
    if fields == 2:
        bits.skip(1)
    bits.skip(1)
    rows = 16 * units * fields
    if bits.flag():
        _left, _right, top, bottom = (bits.uvlc() for _ in range(4))
        rows -= chroma_rows * fields * (top + bottom)
    return rows if 0 < rows < 1 << 16 else 0


def _chroma_rows(bits: BitReader) -> int:
    form = bits.uvlc()
    if form == 3:
        bits.skip(1)
    bits.uvlc()  # bit depths
    bits.uvlc()
    bits.skip(1)
    if bits.flag():
        for index in range(8 if form != 3 else 12):
            if bits.flag():
                _skip_scaling_list(bits, 16 if index < 6 else 64)
    return 2 if form == 1 else 1


def _skip_scaling_list(bits: BitReader, size: int) -> None:
    last = following = 8
    for _ in range(size):
        if following:
            following = (last + _signed(bits)) % 256
        last = following or last


def _skip_picture_order(bits: BitReader) -> None:
    kind = bits.uvlc()
    if kind == 0:
        bits.uvlc()
    elif kind == 1:
        bits.skip(1)
        bits.uvlc()
        bits.uvlc()
        for _ in range(min(bits.uvlc(), 255)):
            bits.uvlc()


def _signed(bits: BitReader) -> int:
    code = bits.uvlc()
    return (code + 1) // 2 if code & 1 else -(code // 2)
