"""Whose datagram is this: by first byte, by ufrag, by an address that was proven."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from aioice import stun
from hypothesis import given
from hypothesis import strategies as st

from media.transport.bell import UFRAG, Bell
from media.transport.counters import Counters, Drop
from media.transport.datagrams import MAX_DATAGRAM
from media.transport.demux import TAKEN_FOR, Demux
from media.transport.srtp import PinnedBuffer

HERE, THERE = ("192.0.2.1", 5000), ("192.0.2.2", 5000)
STRAYS = {Drop.UNBOUND, Drop.UNCLASSIFIED, Drop.STUN_MALFORMED}


class Link:
    """Remembers what it was given, by kind."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.lost: list[Any] = []
        self.last_seen = 0.0

    def receive_check(self, request: Any, source: Any, now: float, via: Any) -> None:
        self.got.append(f"check {request.username}")

    def receive_dtls(self, data: bytes) -> None:
        self.got.append(f"dtls {len(data)}")

    def receive_rtp(self, packet: PinnedBuffer, length: int, now: float) -> None:
        self.got.append(f"rtp {length}")

    def receive_rtcp(self, packet: PinnedBuffer, length: int, now: float) -> None:
        self.got.append(f"rtcp {length}")

    def lose_address(self, address: Any) -> None:
        self.lost.append(address)


class Socket:
    """Where answers of the bell go."""

    egress = None

    def __init__(self) -> None:
        self.sent: list[Any] = []

    def send(self, data: bytes | memoryview, address: Any) -> bool:
        self.sent.append(address)
        return True


class Post:
    """A demux, and datagrams for it."""

    def __init__(self, bell_password: str = "") -> None:
        self.packet = PinnedBuffer(bytearray(2048))
        self.counters = Counters()
        bell = Bell(bell_password, self.counters) if bell_password else None
        self.demux = Demux(self.counters, bell)
        self.socket = Socket()

    def receive(self, data: bytes, source: Any = HERE, now: float = 0.0) -> None:
        self.packet.buffer[: len(data)] = data
        self.demux.receive(self.packet, len(data), source, now, self.socket)

    @property
    def dropped(self) -> dict[Drop, int]:
        return {why: count for why, count in self.counters.dropped.items() if count}


def check(username: str, password: str = "password") -> bytes:
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    message.attributes["USERNAME"] = username
    message.attributes["ICE-CONTROLLING"] = 1
    message.add_message_integrity(password.encode())
    return bytes(message)


@pytest.fixture
def post() -> Post:
    return Post()


def bound(post: Post, address: Any = HERE, now: float = 0.0) -> Any:
    link: Any = Link()
    assert post.demux.bind(link, address, now)
    return link


def test_first_bytes_tell_the_protocols_apart(post: Post) -> None:
    link = bound(post)
    post.receive(b"\x14" + bytes(12))
    post.receive(b"\x3f" + bytes(12))
    post.receive(bytes([128, 111]) + bytes(12))
    post.receive(bytes([128, 128 | 96]) + bytes(12))  # a marker, not RTCP
    post.receive(bytes([129, 200]) + bytes(12))
    post.receive(bytes([191, 223]) + bytes(12))
    assert link.got == ["dtls 13", "dtls 13", "rtp 14", "rtp 14", "rtcp 14", "rtcp 14"]
    assert not post.dropped


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\x04" + bytes(20), Drop.UNCLASSIFIED),
        (b"\x13" + bytes(20), Drop.UNCLASSIFIED),
        (b"\x40" + bytes(20), Drop.UNCLASSIFIED),  # TURN channels
        (b"\xc0" + bytes(20), Drop.UNCLASSIFIED),
        (bytes([128, 111]) + bytes(9), Drop.SRTP_MALFORMED),
        (bytes([128]), Drop.SRTP_MALFORMED),
        (b"\x00\x01" + bytes(18), Drop.STUN_MALFORMED),
        (check("nobody:peer"), Drop.STUN_UNKNOWN_USER),
        (check(f"{UFRAG}:bell"), Drop.STUN_UNKNOWN_USER),  # there is none
    ],
    ids=map(str, itertools.count()),  # checks are random, and workers have to agree on names
)
def test_what_belongs_to_nobody_is_counted(post: Post, data: bytes, why: Drop) -> None:
    link = bound(post)
    post.receive(data)
    assert post.dropped == {why: 1}
    assert link.got == []


def test_who_proved_no_address_gets_no_datagram(post: Post) -> None:
    bound(post, HERE)
    for data in (b"\x14" + bytes(12), bytes([128, 111]) + bytes(12), bytes([129, 200]) + bytes(12)):
        post.receive(data, THERE)
    assert post.dropped == {Drop.UNBOUND: 3}


def test_a_check_finds_its_link_from_anywhere(post: Post) -> None:
    link: Any = Link()
    post.demux.register("abcd", link)
    assert post.demux.knows("abcd")
    post.receive(check("abcd:peer"), HERE)
    post.receive(check("abcd:peer"), THERE)
    assert link.got == ["check abcd:peer"] * 2
    post.demux.remove("abcd")
    post.demux.remove("abcd")
    post.receive(check("abcd:peer"), HERE)
    assert post.dropped == {Drop.STUN_UNKNOWN_USER: 1}
    assert (post.demux.ufrags, post.demux.addresses) == (0, 0)


def test_the_bell_is_not_asked_where_a_link_has_its_name() -> None:
    post = Post("password")
    post.receive(check(f"{UFRAG}:bell"))
    assert post.socket.sent == [HERE]
    link: Any = Link()
    post.demux.register(UFRAG, link)
    post.receive(check(f"{UFRAG}:bell"))
    assert link.got == [f"check {UFRAG}:bell"]
    assert post.socket.sent == [HERE]


def test_an_address_of_somebody_alive_cannot_be_taken(post: Post) -> None:
    holder = bound(post)
    thief: Any = Link()
    holder.last_seen = 100.0
    assert not post.demux.bind(thief, HERE, 100.0 + TAKEN_FOR - 0.1)
    assert post.demux.bind(holder, HERE, 100.0), "it is theirs already"
    assert holder.lost == []
    assert post.demux.bind(thief, HERE, 100.0 + TAKEN_FOR)
    assert holder.lost == [HERE]
    post.demux.unbind(holder, HERE)
    assert post.demux.holds(HERE), "not theirs to give any more"
    post.demux.unbind(thief, HERE)
    assert not post.demux.holds(HERE)


def test_a_connection_that_is_gone_takes_its_address_along(post: Post) -> None:
    link = bound(post)
    post.demux.lose(HERE)
    post.demux.lose(THERE)
    assert link.lost == [HERE]
    assert post.demux.addresses == 0


@given(st.binary(min_size=1, max_size=MAX_DATAGRAM), st.booleans())
def test_any_bytes_find_their_link_or_are_counted_once(data: bytes, known: bool) -> None:
    post = Post()
    link = bound(post, HERE if known else THERE)
    post.receive(data)
    assert len(link.got) + sum(post.dropped.values()) == 1
    assert known or post.dropped.keys() <= STRAYS | {Drop.STUN_UNKNOWN_USER, Drop.STUN_UNEXPECTED}
