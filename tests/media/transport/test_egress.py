"""Batches over real sockets: everybody gets their own packets, whole and in order."""

from __future__ import annotations

import errno
import socket
import struct
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pylibsrtp import Policy, Session

from media.transport import egress
from media.transport.counters import Counters, Drop
from media.transport.egress import (
    LONGEST,
    MOST_BYTES,
    MOST_SEGMENTS,
    SLOTS,
    Egress,
    Route,
    can_batch,
    runs,
)
from media.transport.srtp import SPARE, SrtpContext

GCM, SHA1 = Policy.SRTP_PROFILE_AEAD_AES_128_GCM, Policy.SRTP_PROFILE_AES128_CM_SHA1_80
KEY = bytes(range(30))


class Receiver:
    """One peer: a socket, and the keys of both ends."""

    def __init__(self, out: Egress, family: int, profile: int) -> None:
        host = "::1" if family == socket.AF_INET6 else "127.0.0.1"
        self.socket = socket.socket(family, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.socket.bind((host, 0))
        self.socket.setblocking(False)
        sides = [
            Session(Policy(key=KEY, ssrc_type=side, srtp_profile=profile))
            for side in (Policy.SSRC_ANY_OUTBOUND, Policy.SSRC_ANY_INBOUND)
        ]
        self._inbound = sides[1]
        context = SrtpContext(sides[0], sides[1], str(profile))
        self.route = Route(out, context, self.socket.getsockname())

    def received(self) -> list[bytes]:
        """Everything that came, decrypted."""
        found = []
        while True:
            try:
                found.append(self._inbound.unprotect(self.socket.recv(2048)))
            except BlockingIOError:
                return found


class Town:
    def __init__(self, family: int = socket.AF_INET) -> None:
        self.family = family
        self.counters = Counters()
        self.sock = socket.socket(family, socket.SOCK_DGRAM)
        self.sock.bind(("::1" if family == socket.AF_INET6 else "127.0.0.1", 0))
        self.egress = Egress(self.sock, self.counters)
        self.receivers: list[Receiver] = []

    def receiver(self, profile: int = GCM) -> Receiver:
        self.receivers.append(Receiver(self.egress, self.family, profile))
        return self.receivers[-1]

    def send(self, packets: list[bytes]) -> None:
        """The same to all receivers, each with a sequence number of its own."""
        out = self.egress
        routes = [each.route for each in self.receivers]
        at = out.claim(len(routes) * len(packets))
        for number in range(len(routes)):
            for packet in packets:
                out.buffer[at : at + len(packet)] = mine(packet, number)
                at += out.stride
        out.send(out.table(routes), [len(packet) for packet in packets])

    def close(self) -> None:
        for each in self.receivers:
            each.socket.close()
        self.sock.close()


def rtp(sequence: int, size: int) -> bytes:
    return struct.pack("!BBHII", 0x80, 96, sequence, 0, 7) + bytes([sequence & 0xFF]) * (size - 12)


def mine(packet: bytes, number: int) -> bytes:
    return packet[:8] + struct.pack("!I", number + 1) + packet[12:]


@pytest.fixture(params=[socket.AF_INET, socket.AF_INET6], ids=["IPv4", "IPv6"])
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    made = Town(request.param)
    yield made
    made.close()


def test_this_machine_can() -> None:
    assert can_batch()


@pytest.mark.parametrize("profile", [GCM, SHA1], ids=["GCM", "SHA1"])
@pytest.mark.parametrize(
    "sizes",
    [[1200], [1200] * 8, [1200, 1200, 300], [300, 1200, 1200], [100, 99, 98], [12, LONGEST]],
    ids=str,
)
def test_everybody_gets_their_own_in_order(town: Town, profile: int, sizes: list[int]) -> None:
    for _ in range(3):
        town.receiver(profile)
    first = [rtp(number, size) for number, size in enumerate(sizes)]
    second = [rtp(100 + number, size) for number, size in enumerate(sizes)]
    town.send(first)
    town.send(second)
    assert town.egress.pending
    town.egress.flush()
    for number, each in enumerate(town.receivers):
        assert each.received() == [mine(packet, number) for packet in first + second]
    assert town.counters.sent_packets == 6 * len(sizes)
    tag = 16 if profile == GCM else 10
    assert town.counters.sent_bytes == 6 * sum(size + tag for size in sizes)
    assert not any(town.counters.dropped.values())
    assert not town.egress.pending


def test_messages_of_one_packet_and_of_many_follow_each_other(town: Town) -> None:
    """What was written for the one is in the way of the other, or has to be."""
    receivers = [town.receiver() for _ in range(3)]
    sent: list[bytes] = []
    for turn, counts in enumerate([(1,), (4,), (1, 1), (1, 3), (3, 1), (2, 1, 2), (1,) * 8, (5,)]):
        for number, count in enumerate(counts):
            packets = [rtp(100 * turn + 10 * number + each, 200) for each in range(count)]
            town.send(packets)
            sent += packets
        town.egress.flush()
        assert town.counters.sent_packets == 3 * len(sent)
    for number, each in enumerate(receivers):
        assert each.received() == [mine(packet, number) for packet in sent]


def test_more_than_there_are_slots_goes_out_in_between(town: Town) -> None:
    receiver = town.receiver()
    packets = [rtp(number, 60) for number in range(SLOTS + 500)]
    for begin in range(0, len(packets), 100):
        town.send(packets[begin : begin + 100])
    town.egress.flush()
    assert receiver.received() == [mine(packet, 0) for packet in packets]


def test_without_segmentation_it_is_the_same(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(town.egress, "_most", 1)
    receiver = town.receiver()
    packets = [rtp(number, 1000) for number in range(5)]
    town.send(packets)
    town.egress.flush()
    assert receiver.received() == [mine(packet, 0) for packet in packets]


def test_what_cannot_be_encrypted_does_not_leave(town: Town) -> None:
    good, bad = town.receiver(), town.receiver()
    # Keys of the other direction protect nothing.
    wrong = Session(Policy(key=KEY, ssrc_type=Policy.SSRC_SPECIFIC, ssrc_value=4711))
    bad.route.context.tx = wrong._srtp[0]
    packets = [rtp(number, 500) for number in range(3)]
    town.send(packets)
    town.egress.flush()
    assert good.received() == [mine(packet, 0) for packet in packets]
    with pytest.raises(BlockingIOError):
        bad.socket.recv(2048)
    assert town.counters.dropped[Drop.SEND_REFUSED] == 3
    assert town.counters.sent_packets == 3


def refusing(town: Town, monkeypatch: pytest.MonkeyPatch, why: int, *, times: int) -> list[int]:
    """The kernel refuses so many calls; returns the list of how many messages each call had."""
    calls: list[int] = []
    real = egress._libc.sendmmsg

    class Kernel:
        @staticmethod
        def sendmmsg(fd: int, messages: Any, count: int, flags: int) -> int:
            calls.append(count)
            if len(calls) <= times:
                egress._system.errno = why
                return -1
            return int(real(fd, messages, count, flags))

    monkeypatch.setattr(egress, "_libc", Kernel)
    return calls


def test_a_full_buffer_drops_the_rest_and_counts_it(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        town.receiver()
    refusing(town, monkeypatch, errno.EAGAIN, times=1)
    town.send([rtp(1, 100), rtp(2, 100)])
    town.egress.flush()
    assert town.counters.dropped[Drop.SEND_FULL] == 4
    assert town.counters.sent_packets == 0
    town.send([rtp(3, 100)])
    town.egress.flush()
    assert [len(each.received()) for each in town.receivers] == [1, 1]


def test_one_unreachable_receiver_is_passed_over(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        town.receiver()
    calls = refusing(town, monkeypatch, errno.ENETUNREACH, times=1)
    town.send([rtp(1, 100)])
    town.egress.flush()
    assert calls == [3, 2]
    assert town.counters.dropped[Drop.SEND_FAILED] == 1
    assert [len(each.received()) for each in town.receivers] == [0, 1, 1]


def test_a_driver_that_cannot_cut_is_not_asked_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver = town.receiver()
    refusing(town, monkeypatch, errno.EIO, times=1)
    town.send([rtp(1, 100), rtp(2, 100)])
    town.egress.flush()
    assert town.counters.dropped[Drop.SEND_FAILED] == 2
    town.send([rtp(3, 100), rtp(4, 100)])
    town.egress.flush()
    assert len(receiver.received()) == 2


def test_an_interrupted_call_is_made_again(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    receiver = town.receiver()
    refusing(town, monkeypatch, errno.EINTR, times=2)
    town.send([rtp(1, 100)])
    town.egress.flush()
    assert len(receiver.received()) == 1


SIZES = st.lists(st.integers(12, LONGEST) | st.sampled_from([1200, 1199, 800]), max_size=150)


@given(sizes=SIZES, most=st.sampled_from([1, 2, MOST_SEGMENTS]))
def test_runs_are_what_the_kernel_takes(sizes: list[int], most: int) -> None:
    found = list(runs(sizes, most))
    assert [n for start, run in found for n in range(start, start + run)] == list(range(len(sizes)))
    for start, run in found:
        part = sizes[start : start + run]
        assert run <= max(most, 1)
        assert sum(part) + run * 20 <= MOST_BYTES or run == 1
        assert set(part[:-1]) <= {part[0]}
        assert part[-1] <= part[0]


def test_equal_sizes_are_one_run() -> None:
    assert list(runs([700] * 8 + [200, 700, 700], 40)) == [(0, 9), (9, 2)]
    assert list(runs([500, 600], 40)) == [(0, 1), (1, 1)]


def test_a_slot_holds_the_longest_and_its_tag() -> None:
    town = Town()
    assert town.egress.stride >= LONGEST + SPARE
    town.close()
