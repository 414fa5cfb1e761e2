"""Datagrams that nobody should send: each is dropped, counted by reason, and media goes on."""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aioice import stun

from media.transport import Drop
from media.transport.dtls import QUEUE_LENGTH
from media.transport.srtp import MAX_STREAMS

MakePeer = Callable[..., Awaitable[Any]]
WaitFor = Callable[..., Awaitable[None]]


@pytest.fixture
async def stranger(peer: Any) -> Any:
    """Sends from an address that never passed a check."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plain:
        plain.connect(("127.0.0.1", peer.transport.port))
        plain.setblocking(False)
        yield plain


@pytest.mark.parametrize(
    ("datagram", "why"),
    [
        (b"", Drop.EMPTY),
        (b"\x80" + bytes(1500), Drop.OVERSIZED),
        (b"\x80" + bytes(60_000), Drop.OVERSIZED),
        (b"\x40turn channel", Drop.UNCLASSIFIED),
        (b"\xffwhatever", Drop.UNCLASSIFIED),
        (b"\x05zrtp?", Drop.UNCLASSIFIED),
        (b"\x80", Drop.SRTP_MALFORMED),
        (b"\x80\x60" + bytes(9), Drop.SRTP_MALFORMED),
        (b"\x00", Drop.STUN_MALFORMED),
        (b"\x00\x01\x00\x00" + bytes(16), Drop.STUN_MALFORMED),  # no magic cookie
    ],
)
async def test_broken_datagrams_from_the_bound_address(
    peer: Any, datagram: bytes, why: Drop
) -> None:
    peer.send(datagram)
    await peer.dropped(why)
    await peer.passes_media()
    assert peer.sink.closed == []


@pytest.mark.parametrize(
    ("datagram", "why"),
    [
        (b"", Drop.EMPTY),
        (b"\x80" + bytes(1500), Drop.OVERSIZED),
        (b"\x80\x60" + bytes(100), Drop.UNBOUND),
        (b"\x80\xc9" + bytes(100), Drop.UNBOUND),
        (b"\x16\xfe\xff" + bytes(100), Drop.UNBOUND),
        (b"\x40", Drop.UNCLASSIFIED),
    ],
)
async def test_datagrams_from_an_unbound_address(
    peer: Any, stranger: Any, datagram: bytes, why: Drop
) -> None:
    stranger.send(datagram)
    await peer.dropped(why)
    await peer.passes_media()


async def test_authentic_media_from_an_unbound_address(peer: Any, stranger: Any) -> None:
    stranger.send(peer.protect())
    await peer.dropped(Drop.UNBOUND)
    assert peer.sink.rtp == []
    await peer.passes_media()


async def test_replayed_media(peer: Any) -> None:
    packet = peer.protect()
    report = peer.dtls._tx_srtp.protect_rtcp(b"\x80\xc9\x00\x01\x00\x00\x12\x34")
    for datagram in (packet, packet, report, report):
        peer.send(datagram)
    await peer.dropped(Drop.SRTP_REPLAYED, 2)
    assert len(peer.sink.rtp) == len(peer.sink.rtcp) == 1
    await peer.passes_media()


async def test_forged_media(peer: Any) -> None:
    packet = bytearray(peer.protect())
    packet[-1] ^= 1
    peer.send(bytes(packet))
    peer.send(b"\x80\xc9\x00\x01" + bytes(40))
    await peer.dropped(Drop.SRTP_BAD_AUTHENTICATION, 2)
    await peer.passes_media()


async def test_media_before_the_keys(make_peer: MakePeer) -> None:
    peer = await make_peer(connect=False)
    peer.open()
    peer.link.start()
    await peer.bind()
    peer.send(b"\x80\x60" + bytes(40))
    peer.send(b"\x80\xc9" + bytes(40))
    await peer.dropped(Drop.SRTP_TOO_EARLY, 2)


async def test_a_peer_cannot_make_streams_without_end(peer: Any) -> None:
    for ssrc in range(MAX_STREAMS + 10):
        header = b"\x80\x60\x00\x01" + bytes(4) + (1000 + ssrc).to_bytes(4, "big")
        peer.send(peer.dtls._tx_srtp.protect(header + b"media"))
    await peer.dropped(Drop.SRTP_TOO_MANY_STREAMS, 10)
    assert len(peer.sink.rtp) == MAX_STREAMS


async def test_random_datagrams(peer: Any, stranger: Any, wait_for: WaitFor) -> None:
    chance = random.Random(8)
    counters = peer.transport.counters
    before = counters.received_packets
    records = 0
    for batch in range(20):
        for _ in range(25):
            datagram = chance.randbytes(chance.choice([1, 2, 12, 20, 60, 1500]))
            stranger.send(datagram)
            peer.send(datagram)
            records += 20 <= datagram[0] < 64
        await wait_for(lambda batch=batch: counters.received_packets == before + 50 * (batch + 1))
    # What looks like DTLS from the bound address is aiortc's to ignore.
    assert sum(counters.dropped.values()) == 1000 - records
    assert counters.dropped[Drop.HANDLER_FAILED] == 0
    await peer.passes_media()
    assert peer.sink.closed == []


async def test_a_check_with_the_wrong_password(peer: Any, stranger: Any) -> None:
    peer.open()
    peer.send(peer.check(password="not the password"))
    await peer.dropped(Drop.STUN_BAD_INTEGRITY)
    answer = await peer.answer()
    assert answer.error_code == 401
    assert peer.link.remote != peer.endpoint.address
    peer.endpoint = peer.endpoints[0]
    await peer.passes_media()


async def test_a_check_without_integrity(peer: Any) -> None:
    local = peer.link.local_ice
    message = stun.Message(
        stun.Method.BINDING,
        stun.Class.REQUEST,
        attributes={"USERNAME": f"{local.ufrag}:{peer.ice.ufrag}", "USE-CANDIDATE": None},
    )
    peer.send(bytes(message))
    await peer.dropped(Drop.STUN_BAD_INTEGRITY)
    await peer.passes_media()


@pytest.mark.parametrize("username", ["nobody:peer", "nobody", ":", "{ufrag}", "{ufrag}:other"])
async def test_a_check_of_an_unknown_user(peer: Any, username: str) -> None:
    peer.send(peer.check(username=username.format(ufrag=peer.link.local_ice.ufrag)))
    await peer.dropped(Drop.STUN_UNKNOWN_USER)
    await peer.passes_media()
    assert peer.endpoint.stun.empty(), "silence"


async def test_a_truncated_attribute(peer: Any) -> None:
    """aioice raises struct.error for this one."""
    body = b"\x00\x24\x00\x02\x00\x01\x00\x00"  # PRIORITY of two bytes
    peer.send(b"\x00\x01" + len(body).to_bytes(2, "big") + b"\x21\x12\xa4\x42" + bytes(12) + body)
    await peer.dropped(Drop.STUN_MALFORMED)
    await peer.passes_media()


@pytest.mark.parametrize("kind", [stun.Class.INDICATION, stun.Class.RESPONSE, stun.Class.ERROR])
async def test_stun_that_asks_nothing(peer: Any, kind: stun.Class) -> None:
    peer.send(bytes(stun.Message(stun.Method.BINDING, kind)))
    await peer.dropped(Drop.STUN_UNEXPECTED)
    await peer.passes_media()


async def test_a_replayed_check_does_not_draw_media_away(peer: Any, stranger: Any) -> None:
    check = peer.check()
    peer.send(check)
    await peer.answer()
    stranger.send(check)
    await peer.dropped(Drop.STUN_REPLAYED)
    assert peer.link.remote == peer.endpoint.address
    await peer.passes_media()
    peer.send(check)  # a retransmission, on the other hand, is answered again
    assert (await peer.answer()).message_class.name == "RESPONSE"


async def test_a_peer_that_believes_to_be_controlled(peer: Any) -> None:
    peer.send(peer.check(attributes={"ICE-CONTROLLED": 5}))
    answer = await peer.answer()
    assert answer.error_code == 487
    assert answer.check_message_integrity(peer.link.local_ice.pwd.encode())
    await peer.dropped(Drop.STUN_ROLE_CONFLICT)
    await peer.passes_media()


async def test_a_flood_of_dtls_is_bounded(make_peer: MakePeer, wait_for: WaitFor) -> None:
    peer = await make_peer(connect=False)
    endpoint = peer.open()
    peer.link.start()
    await peer.bind()
    await asyncio.sleep(0)
    # Synchronously, as one wake-up of a full socket does: the queue has no chance to be emptied.
    for _ in range(QUEUE_LENGTH + 10):
        peer.link.receive_dtls(b"\x16" + bytes(1400))
    assert peer.transport.counters.dropped[Drop.DTLS_OVERFLOW] == 10
    assert peer.link.remote == endpoint.address
    peer.link.close()


async def test_junk_dtls_in_a_session(peer: Any) -> None:
    for _ in range(5):
        peer.send(b"\x17\xfe\xfd" + bytes(50))
        peer.send(b"\x15\xfe\xfd\x00\x00\x00\x00\x00\x00\x00\x09\x00\x02\x01\x00")  # plain alert
    await peer.passes_media()
    assert peer.sink.closed == []


async def test_a_bug_in_a_sink_drops_one_packet(
    peer: Any, caplog: pytest.LogCaptureFixture
) -> None:
    peer.sink.raises = True
    peer.send(peer.protect())
    await peer.dropped(Drop.HANDLER_FAILED)
    peer.sink.raises = False
    assert "a bug in a sink" in caplog.text
    await peer.passes_media()
