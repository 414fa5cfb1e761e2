"""Packets of one frame leave as one message where padding of a few bytes makes it so."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from media.routing.packet import MediaPacket, even_out


def packets(*sizes: int, timestamps: Sequence[int] = ()) -> list[MediaPacket]:
    times = timestamps or [0] * len(sizes)
    return [
        MediaPacket(number, time, False, 0.0, bytes(size))
        for number, (size, time) in enumerate(zip(sizes, times, strict=True))
    ]


@pytest.mark.parametrize(
    ("sizes", "padded"),
    [
        ([885, 886], [886, 886]),
        ([829, 829, 830, 830], [830, 830, 830, 830]),
        ([631, 631, 200], [631, 631, 200]),
        ([100, 1100], [100, 1100]),
        ([880, 884, 888], [888, 888, 888]),
        ([800, 808, 816], [800, 816, 816]),
        ([700], [700]),
    ],
    ids=str,
)
def test_a_frame_is_padded_to_one_size(sizes: list[int], padded: list[int]) -> None:
    batch = packets(*sizes)
    even_out(batch)
    assert [len(each.payload) + each.padding for each in batch] == padded


def test_frames_are_not_padded_to_each_other() -> None:
    batch = packets(885, 886, timestamps=[0, 3000])
    even_out(batch)
    assert [each.padding for each in batch] == [0, 0]
