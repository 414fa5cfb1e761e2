"""The ring that answers NACKs: finds what it holds, and never the wrong packet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.routing.cache import PacketCache
from media.routing.packet import MediaPacket


def packet(sequence: int, arrived: float = 0.0) -> MediaPacket:
    return MediaPacket(sequence, sequence * 10, False, arrived, b"%d" % sequence)


def test_what_was_put_is_found() -> None:
    cache = PacketCache(capacity=8)
    for sequence in range(65533, 65541):
        cache.put(packet(sequence))
    for sequence in range(65533, 65541):
        assert cache.get(sequence, 0.0) == packet(sequence)


def test_the_oldest_makes_room() -> None:
    cache = PacketCache(capacity=8)
    for sequence in range(9):
        cache.put(packet(sequence))
    assert cache.get(0, 0.0) is None
    assert cache.get(8, 0.0) == packet(8)


def test_what_is_too_old_counts_as_gone() -> None:
    cache = PacketCache(seconds=2.0)
    cache.put(packet(7, arrived=10.0))
    assert cache.get(7, 12.0) == packet(7, arrived=10.0)
    assert cache.get(7, 12.001) is None


def test_what_is_too_old_takes_no_room() -> None:
    cache = PacketCache(seconds=2.0)
    for sequence in range(100):
        cache.put(packet(sequence, arrived=sequence / 10))
    assert len(cache) == 21
    assert cache.octets == 2 * 21
    assert cache.newest == packet(99, arrived=9.9)


def test_its_bytes_are_bounded() -> None:
    cache = PacketCache(most_octets=5000)
    for sequence in range(100):
        cache.put(MediaPacket(sequence, 0, False, 0.0, bytes(1000)))
    assert (len(cache), cache.octets) == (5, 5000)
    assert cache.get(94, 0.0) is None
    assert cache.get(95, 0.0) is not None


def test_an_empty_cache_finds_nothing() -> None:
    assert PacketCache().get(0, 0.0) is None


@pytest.mark.parametrize("capacity", [3, 1000, 1025])
def test_the_capacity_is_a_power_of_two(capacity: int) -> None:
    with pytest.raises(ValueError, match="power of two"):
        PacketCache(capacity)


@given(st.lists(st.integers(0, 200)), st.integers(0, 200))
def test_it_never_answers_with_another_packet(sequences: list[int], wanted: int) -> None:
    cache = PacketCache(capacity=16)
    for sequence in sequences:
        cache.put(packet(sequence))
    found = cache.get(wanted, 0.0)
    assert found is None or found == packet(wanted)
    if sequences and wanted == sequences[-1]:
        assert found is not None
