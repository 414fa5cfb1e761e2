"""ICE-TCP: frames on connections that peers open, bounded whoever is at the other end."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from media.transport import Drop, Transport
from media.transport.tcp import MAX_BACKLOG, MAX_UNPROVEN, PROVE_WITHIN, begins_ice

MakePeer = Callable[..., Awaitable[Any]]
WaitFor = Callable[..., Awaitable[None]]


class Wire:
    """An Endpoint of tests/media/transport/conftest.py, over one TCP connection."""

    def __init__(self) -> None:
        self.stun: asyncio.Queue[bytes] = asyncio.Queue()
        self.dtls: asyncio.Queue[bytes] = asyncio.Queue()
        self.media: asyncio.Queue[bytes] = asyncio.Queue()
        self.ended = asyncio.Event()
        self.socket = self

    async def open(self, port: int) -> Wire:
        reader, self.writer = await asyncio.open_connection("127.0.0.1", port)
        self.reading = asyncio.create_task(self._read(reader))
        return self

    def sendto(self, data: bytes, _address: object) -> None:
        self.writer.write(struct.pack("!H", len(data)) + data)

    async def _read(self, reader: asyncio.StreamReader) -> None:
        try:
            while True:
                (length,) = struct.unpack("!H", await reader.readexactly(2))
                data = await reader.readexactly(length)
                queue = self.stun if data[0] < 4 else self.dtls if data[0] < 64 else self.media
                queue.put_nowait(data)
        except (asyncio.IncompleteReadError, ConnectionError):
            self.ended.set()

    def close(self) -> None:
        self.reading.cancel()
        self.writer.close()


@pytest.fixture
async def transport(clock: Any) -> AsyncIterator[Transport]:
    made = Transport(clock)
    await made.start("127.0.0.1", 0, 0)
    yield made
    await made.close()


@pytest.fixture
async def wired(make_peer: MakePeer) -> Any:
    """A peer that has nothing but TCP."""
    peer = await make_peer(connect=False)
    wire = await Wire().open(peer.transport.tcp_candidates()[0][1])

    def opened() -> Wire:
        peer.endpoint = wire
        peer.endpoints.append(wire)
        return wire

    peer.open = opened
    return peer


async def test_a_peer_without_udp_connects_and_passes_media(wired: Any) -> None:
    await wired.connect()
    assert wired.link.remote[2] == "tcp"
    await wired.passes_media()
    assert wired.transport.objects()["connections"] == 1


async def test_a_frame_may_come_in_pieces_and_pieces_together(wired: Any) -> None:
    wire = wired.open()
    wired.link.start()
    data = b"".join(struct.pack("!H", len(each)) + each for each in (wired.check(), wired.check()))
    for byte in data:
        wire.writer.write(bytes([byte]))
        await wire.writer.drain()
        await asyncio.sleep(0)
    assert await wired.answer()
    assert await wired.answer()


@pytest.mark.parametrize("length", [0, 1501, 65535])
async def test_what_is_no_frame_ends_the_connection(wired: Any, length: int) -> None:
    wire = wired.open()
    wire.writer.write(struct.pack("!H", length) + bytes(64))
    await asyncio.wait_for(wire.ended.wait(), 10)
    assert wired.transport.objects()["connections"] == 0


async def test_media_before_a_check_goes_nowhere(wired: Any) -> None:
    wired.open()
    wired.send(b"\x80" + bytes(40))
    await wired.dropped(Drop.UNBOUND)


async def test_who_proves_nothing_is_sent_away(wired: Any, wait_for: WaitFor) -> None:
    wire = wired.open()
    await wait_for(lambda: wired.transport.objects()["connections"] == 1)
    wired.transport.tick(wired.clock.now + PROVE_WITHIN - 1)
    assert wired.transport.objects()["connections"] == 1
    wired.transport.tick(wired.clock.now + PROVE_WITHIN)
    await asyncio.wait_for(wire.ended.wait(), 10)


async def test_a_link_that_ends_takes_its_connection_along(wired: Any) -> None:
    await wired.connect()
    for _ in range(3):
        wired.clock.now += PROVE_WITHIN - 1
        wired.transport.tick(wired.clock.now)
        assert wired.transport.objects()["connections"] == 1
    wired.link.close()
    wired.transport.tick(wired.clock.now)
    wired.transport.tick(wired.clock.now + PROVE_WITHIN)
    await asyncio.wait_for(wired.endpoint.ended.wait(), 10)
    assert wired.transport.objects()["addresses"] == 0


async def test_a_connection_that_ends_leaves_the_link_to_the_next_check(
    wired: Any, wait_for: WaitFor
) -> None:
    await wired.connect()
    wired.endpoint.writer.close()
    await wait_for(lambda: wired.link.remote is None)
    assert wired.link.connected
    assert not wired.link.send_rtcp(struct.pack("!BBHI", 0x80, 201, 1, 7))
    wired.endpoint = await Wire().open(wired.transport.tcp_candidates()[0][1])
    wired.endpoints.append(wired.endpoint)
    await wired.bind()
    await wired.passes_media()


async def test_connections_that_prove_nothing_are_bounded(wired: Any, wait_for: WaitFor) -> None:
    port = wired.transport.tcp_candidates()[0][1]
    wires = [await Wire().open(port) for _ in range(MAX_UNPROVEN + 5)]
    await wait_for(lambda: wired.transport.counters.dropped[Drop.TCP_REFUSED] >= 5)
    assert wired.transport.objects()["connections"] <= MAX_UNPROVEN
    for wire in wires:
        wire.close()
    wired.open()  # to be closed with its peer
    await wait_for(lambda: wired.transport.objects()["connections"] <= 1)


async def test_a_reader_that_stopped_costs_a_bounded_buffer(wired: Any, wait_for: WaitFor) -> None:
    await wired.connect()
    (path,) = wired.transport.tcp._open
    wired.endpoint.reading.cancel()
    wired.endpoint.writer.transport.pause_reading()
    packet = bytearray(2048)
    packet[:12] = struct.pack("!BBHII", 0x80, 96, 0, 0, 7)
    sent = 0
    for sequence in range(20_000):
        packet[2:4] = sequence.to_bytes(2, "big")
        sent += wired.link.send_rtp(packet, 1200)
        if sequence % 100 == 0:
            await asyncio.sleep(0)
    assert sent < 15_000
    assert wired.transport.counters.dropped[Drop.SEND_FULL] > 0
    assert path._transport.get_write_buffer_size() <= MAX_BACKLOG + 1300


def test_first_bytes_tell_frames_from_http_and_tls() -> None:
    assert begins_ice(0)
    assert begins_ice(1500 >> 8)
    for first in (b"GET /", b"POST /", b"OPTIONS *", b"PRI * HTTP/2.0", b"\x16\x03\x01", b"PROXY "):
        assert not begins_ice(first[0])


def test_the_kernel_knows_the_option() -> None:
    with socket.socket() as one:
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, 32768)
