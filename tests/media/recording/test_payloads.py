"""Payloads → frames, byte for byte, and no bytes that could do harm."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.errors import MalformedPacket
from media.recording.assembly import Frame, PictureAssembly
from media.recording.ordering import GAP, Packet
from media.recording.payloads import (
    CODECS,
    Av1Payloads,
    H264Payloads,
    Vp8Payloads,
    Vp9Payloads,
)

KEY, DELTA = b"\x10\0\0\x9d\x01\x2a\x40\x01\xb4\x00", b"\x11\0\0"


def test_h264_units_become_annex_b() -> None:
    payloads, frame = H264Payloads(), bytearray()
    payloads.append(b"\x78\0\x02\x67\xaa\0\x02\x68\xbb", frame)  # STAP-A: SPS and PPS
    payloads.append(b"\x7c\x85one", frame)  # FU-A: start of an IDR
    payloads.append(b"\x7c\x45two", frame)  # and its end
    payloads.append(b"\x06sei", frame)
    start = b"\0\0\0\1"
    expected = [b"\x67\xaa", b"\x68\xbb", b"\x65onetwo", b"\x06sei"]
    assert bytes(frame) == b"".join(start + unit for unit in expected)
    assert payloads.opens_keyframe(b"\x78\0\x02\x67\xaa\0\x02\x68\xbb")
    assert not payloads.opens_keyframe(b"\x41slice")


def test_vp9_loses_its_descriptor_and_nothing_else() -> None:
    payloads, frame = Vp9Payloads(), bytearray()
    assert payloads.opens_keyframe(b"\x88\x01picture")  # I B, 7-bit id
    assert not payloads.opens_keyframe(b"\xc8\x01picture")  # P: predicted
    payloads.append(b"\x88\x01picture", frame)
    assert bytes(frame) == b"picture"


def test_av1_elements_become_obus_with_sizes() -> None:
    payloads, frame = Av1Payloads(), bytearray()
    sequence, picture = b"\x08seq", b"\x30picture"  # headers without a size
    first = b"\x68" + bytes([len(sequence)]) + sequence + picture[:4]  # W 2, Y, N
    assert payloads.opens_keyframe(first)
    assert not payloads.opens_keyframe(b"\x90" + picture)
    payloads.append(first, frame)
    payloads.append(b"\x90" + picture[4:], frame)  # Z, W 1
    assert bytes(frame) == b"\x0a\x03seq" + b"\x32\x07picture"


def vp8_frames(*packets: Packet | None) -> tuple[PictureAssembly, list[Frame]]:
    assembly = PictureAssembly(Vp8Payloads())
    made = [assembly.push(GAP if each is None else each) for each in packets]
    return assembly, [each for each in made if each is not None]


def test_a_picture_begins_with_a_keyframe() -> None:
    assembly, frames = vp8_frames(
        Packet(0, True, b"\x10" + DELTA),
        Packet(10, False, b"\x10" + KEY),
        Packet(10, True, b"\x00more"),
        Packet(20, True, b"\x10" + DELTA),
    )
    assert frames == [Frame(10, True, KEY + b"more"), Frame(20, False, DELTA)]
    assert not assembly.wants_keyframe


def test_a_frame_ends_where_the_next_begins_even_without_a_marker() -> None:
    _, frames = vp8_frames(Packet(10, False, b"\x10" + KEY), Packet(20, True, b"\x10" + DELTA))
    assert frames == [Frame(10, True, KEY)]


@pytest.mark.parametrize("bad", [None, Packet(15, True, b"\x10")])
def test_after_what_is_missing_or_malformed_only_a_keyframe_goes_on(bad: Packet | None) -> None:
    assembly, frames = vp8_frames(
        Packet(10, True, b"\x10" + KEY), bad, Packet(20, True, b"\x10" + DELTA)
    )
    assert frames == [Frame(10, True, KEY)]
    assert assembly.wants_keyframe
    assert assembly.push(Packet(30, True, b"\x10" + KEY)) == Frame(30, True, KEY)


def test_probes_without_a_payload_are_no_gap() -> None:
    assembly, frames = vp8_frames(
        Packet(10, True, b"\x10" + KEY), Packet(10, False, b""), Packet(20, True, b"\x10" + DELTA)
    )
    assert len(frames) == 2
    assert not assembly.wants_keyframe


def test_a_frame_without_an_end_is_given_up() -> None:
    assembly = PictureAssembly(Vp8Payloads())
    assembly.push(Packet(1, False, b"\x10" + KEY))
    for _ in range(5000):
        assembly.push(Packet(1, False, b"\x00" + bytes(1100)))
    assert assembly.broken == 1


@pytest.mark.parametrize("codec", CODECS)
@given(st.lists(st.binary(min_size=1, max_size=60), max_size=10))
def test_whatever_comes_is_a_frame_or_malformed(codec: str, payloads: list[bytes]) -> None:
    reader, frame = CODECS[codec](), bytearray()
    for payload in payloads:
        with contextlib.suppress(MalformedPacket):
            reader.opens_keyframe(payload)
            reader.append(payload, frame)
