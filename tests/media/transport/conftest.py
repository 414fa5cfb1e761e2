"""A transport on 127.0.0.1 under a clock that stands still, and peers made of aiortc's own parts.

Every asynchronous test here runs on asyncio's loop and on uvloop.
"""

from __future__ import annotations

import asyncio
import itertools
import socket
import struct
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import pytest
import uvloop
from aioice import stun
from aiortc.rtcdtlstransport import (
    RTCCertificate,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
)

from media.transport import Drop, Fingerprint, IceCredentials, Link, Transport

PATIENCE = 10.0
"""Seconds; only a failing test waits that long."""
MEDIA_SSRC = 0x1234


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}


async def wait_for(condition: Callable[[], object], what: str = "the condition") -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not come true"
        await asyncio.sleep(0.002)


class Clock:
    """Seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Sink:
    """Remembers what a link told it."""

    def __init__(self) -> None:
        self.connected_at: list[float] = []
        self.moved_at: list[float] = []
        self.rtp: list[bytes] = []
        self.rtcp: list[bytes] = []
        self.closed: list[str] = []
        self.raises = False

    def on_connected(self, now: float) -> None:
        self.connected_at.append(now)

    def on_rtp(self, buffer: bytearray, length: int, now: float) -> None:
        self.rtp.append(bytes(buffer[:length]))
        if self.raises:
            raise RuntimeError("a bug in a sink")

    def on_rtcp(self, data: memoryview, now: float) -> None:
        self.rtcp.append(bytes(data))

    def on_rerouted(self) -> None: ...

    def on_moved(self, now: float) -> None:
        self.moved_at.append(now)

    def on_closed(self, reason: str) -> None:
        self.closed.append(reason)
        if self.raises:
            raise RuntimeError("a bug in a sink")


class Endpoint:
    """One UDP socket of a peer, which sorts what it gets by first byte.

    A plain socket, because asyncio's datagram transports will not send an empty datagram.
    """

    def __init__(self) -> None:
        self.stun: asyncio.Queue[bytes] = asyncio.Queue()
        self.dtls: asyncio.Queue[bytes] = asyncio.Queue()
        self.media: asyncio.Queue[bytes] = asyncio.Queue()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        self.socket.bind(("127.0.0.1", 0))
        self.address: tuple[str, int] = self.socket.getsockname()
        asyncio.get_running_loop().add_reader(self.socket, self._read)

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self.socket)
        self.socket.close()

    def _read(self) -> None:
        data = self.socket.recv(2048)
        queue = self.stun if data[0] < 4 else self.dtls if data[0] < 64 else self.media
        queue.put_nowait(data)


class Peer:
    """The other end of one link: STUN by hand, DTLS-SRTP by aiortc, both without a browser."""

    role = "controlling"

    def __init__(self, transport: Transport, clock: Clock, dtls_role: str = "client") -> None:
        self.transport = transport
        self.clock = clock
        self.ice = IceCredentials("peer", "the peer's own password")
        self.sink = Sink()
        self.certificate = RTCCertificate.generateCertificate()
        self.dtls = RTCDtlsTransport(self, [self.certificate])  # type: ignore[arg-type]  # a duck
        self.dtls._set_role(dtls_role)
        ours = [
            Fingerprint(each.algorithm, each.value)
            for each in self.certificate.getFingerprints()
            if each.algorithm == "sha-256"
        ]
        self.link: Link = transport.link(
            "peer-1",
            self.ice,
            ours,
            "server" if dtls_role == "client" else "client",
            self.sink,
        )
        self.endpoints: list[Endpoint] = []
        self._sequence = itertools.count(1)

    def open(self) -> Endpoint:
        """Begin on a socket, or move to a new one."""
        self.endpoint = Endpoint()
        self.endpoints.append(self.endpoint)
        return self.endpoint

    def send(self, data: bytes) -> None:
        self.endpoint.socket.sendto(data, ("127.0.0.1", self.transport.port))

    def check(
        self,
        *,
        nominate: bool = True,
        username: str | None = None,
        password: str | None = None,
        attributes: Mapping[str, Any] | None = None,
    ) -> bytes:
        """A binding request as a browser makes it."""
        local = self.link.local_ice
        message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        message.attributes["USERNAME"] = username or f"{local.ufrag}:{self.ice.ufrag}"
        message.attributes["PRIORITY"] = 1
        message.attributes.update(attributes or {"ICE-CONTROLLING": 1})
        if nominate:
            message.attributes["USE-CANDIDATE"] = None
        message.add_message_integrity((password or local.pwd).encode())
        return bytes(message)

    async def answer(self) -> stun.Message:
        data = await asyncio.wait_for(self.endpoint.stun.get(), PATIENCE)
        return stun.parse_message(data)

    async def bind(self, *, nominate: bool = True) -> stun.Message:
        """Prove to sit at the current endpoint."""
        self.send(self.check(nominate=nominate))
        return await self.answer()

    async def connect(self) -> None:
        """All the way to keys on both sides."""
        self.open()
        self.link.start()
        await self.bind()
        fingerprint = RTCDtlsFingerprint("sha-256", self.link.fingerprint)
        parameters = RTCDtlsParameters(fingerprints=[fingerprint])
        await asyncio.wait_for(self.dtls.start(parameters), PATIENCE)
        await wait_for(lambda: self.link.connected, "connected")

    async def _recv(self) -> bytes:
        return await self.endpoint.dtls.get()

    async def _send(self, data: bytes) -> None:
        self.send(data)

    def protect(self, payload: bytes = b"media", sequence: int | None = None) -> bytes:
        if sequence is None:
            sequence = next(self._sequence)
        header = struct.pack("!BBHII", 0x80, 111, sequence, 0, MEDIA_SSRC)
        return self.dtls._tx_srtp.protect(header + payload)

    async def passes_media(self) -> None:
        """Both ways, RTP and RTCP, with packets of their own."""
        packets, compounds = len(self.sink.rtp), len(self.sink.rtcp)
        self.send(self.protect(b"to the server"))
        await wait_for(lambda: len(self.sink.rtp) > packets, "RTP at the server")
        assert self.sink.rtp[-1][12:] == b"to the server"
        report = struct.pack("!BBHI", 0x80, 201, 1, MEDIA_SSRC)
        self.send(self.dtls._tx_srtp.protect_rtcp(report))
        await wait_for(lambda: len(self.sink.rtcp) > compounds, "RTCP at the server")
        assert self.sink.rtcp[-1] == report

        while not self.endpoint.media.empty():
            self.endpoint.media.get_nowait()
        header = struct.pack("!BBHII", 0x80, 96, next(self._sequence), 0, 7)
        packet = header + b"to the peer"
        buffer = bytearray(2048)
        buffer[: len(packet)] = packet
        assert self.link.send_rtp(buffer, len(packet))
        received = await asyncio.wait_for(self.endpoint.media.get(), PATIENCE)
        assert self.dtls._rx_srtp.unprotect(received) == packet
        assert self.link.send_rtcp(report)
        received = await asyncio.wait_for(self.endpoint.media.get(), PATIENCE)
        assert self.dtls._rx_srtp.unprotect_rtcp(received) == report

    async def dropped(self, why: Drop, times: int = 1) -> None:
        await wait_for(lambda: self.transport.counters.dropped[why] >= times, f"{times} {why}")
        assert self.transport.counters.dropped[why] == times

    async def close(self) -> None:
        await self.dtls.stop()
        while self.endpoints:
            self.endpoints.pop().close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def transport(clock: Clock) -> AsyncIterator[Transport]:
    made = Transport(clock)
    await made.start("127.0.0.1", 0)
    yield made
    await made.close()


MakePeer = Callable[..., Awaitable[Peer]]


@pytest.fixture
async def make_peer(transport: Transport, clock: Clock) -> AsyncIterator[MakePeer]:
    """Makes peers: connected ones, unless told `connect=False`."""
    peers: list[Peer] = []

    async def make(dtls_role: str = "client", *, connect: bool = True) -> Peer:
        peer = Peer(transport, clock, dtls_role)
        peers.append(peer)
        if connect:
            await peer.connect()
        return peer

    yield make
    for peer in peers:
        await peer.close()


@pytest.fixture
async def peer(make_peer: MakePeer) -> Peer:
    """Connected; the server has the DTLS server's role, as for any browser."""
    return await make_peer()


@pytest.fixture(name="wait_for")
def _wait_for() -> Callable[..., Awaitable[None]]:
    return wait_for
