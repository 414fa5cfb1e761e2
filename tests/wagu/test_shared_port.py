"""One TCP port: HTTP stays HTTP whatever its first packet holds, ICE goes to media."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from wagu.shared_port import SharedPort


class Taker(asyncio.Protocol):
    """Remembers what it was given, and answers with its name."""

    def __init__(self, name: bytes) -> None:
        self.name = name
        self.data = b""
        self.lost = asyncio.Event()
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.data += data
        assert self.transport is not None
        self.transport.write(self.name)

    def connection_lost(self, error: Exception | None) -> None:
        self.lost.set()


class Port:
    def __init__(self) -> None:
        self.made: list[Taker] = []
        self.number = 0

    def taker(self, name: bytes) -> Taker:
        self.made.append(Taker(name))
        return self.made[-1]


@pytest.fixture
async def port() -> AsyncIterator[Port]:
    made = Port()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SharedPort(lambda: made.taker(b"http"), lambda: made.taker(b"media")),
        "127.0.0.1",
        0,
    )
    made.number = server.sockets[0].getsockname()[1]
    yield made
    server.close()


@pytest.mark.parametrize(
    ("first", "name"),
    [
        (b"GET / HTTP/1.1\r\n", b"http"),
        (b"P", b"http"),
        (b"\x16\x03\x01", b"http"),
        (b"\xff", b"http"),
        (b"\x06", b"http"),
        (b"\x00", b"media"),
        (b"\x00\x64\x00\x01", b"media"),
        (b"\x05\xdc", b"media"),
    ],
)
async def test_the_first_byte_decides(port: Port, first: bytes, name: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port.number)
    writer.write(first)
    assert await reader.readexactly(len(name)) == name
    writer.write(b"more")
    assert await reader.readexactly(len(name)) == name
    (taker,) = port.made
    assert taker.data == first + b"more"
    writer.close()
    await asyncio.wait_for(taker.lost.wait(), 10)


async def test_who_says_nothing_is_nobodys(port: Port) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", port.number)
    writer.close()
    await writer.wait_closed()
    assert port.made == []
