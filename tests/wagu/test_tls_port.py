"""One port: https for all, http for this machine, media as ever, and nobody waits for ever."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.certificate import make_certificate
from wagu import tls_port
from wagu.certificates import Given, TlsContext
from wagu.tls_port import TlsPort


class Taker(asyncio.Protocol):
    """Answers with its name, and says whether it came by TLS."""

    def __init__(self, name: bytes) -> None:
        self.name = name
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        assert self.transport is not None
        secure = self.transport.get_extra_info("sslcontext") is not None
        self.transport.write(b"%b %b %b" % (self.name, b"tls" if secure else b"plain", data))
        self.transport.close()


@dataclass
class Port:
    number: int
    trusting: ssl.SSLContext
    here: bool = True

    async def ask(self, first: bytes, tls: ssl.SSLContext | None = None) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.number, ssl=tls)
        writer.write(first)
        answer = await asyncio.wait_for(reader.read(), 10)
        writer.close()
        return answer


@pytest.fixture
async def port(tmp_path: Path) -> AsyncIterator[Port]:
    given = make_certificate(tmp_path)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    trusting = ssl.create_default_context(cafile=str(given.certificate))
    made = Port(listener.getsockname()[1], trusting)
    serving = TlsPort(
        listener,
        lambda: Taker(b"http"),
        lambda: Taker(b"media"),
        TlsContext(Given(given.certificate, given.key)).context,
        lambda _connection: made.here,
    )
    serving.start(16)
    yield made
    serving.close()


async def test_the_first_byte_decides(port: Port) -> None:
    assert await port.ask(b"GET / HTTP/1.1", port.trusting) == b"http tls GET / HTTP/1.1"
    assert await port.ask(b"GET / HTTP/1.1") == b"http plain GET / HTTP/1.1"
    assert await port.ask(b"\x00\x14\x00\x01") == b"media plain \x00\x14\x00\x01"


@pytest.mark.parametrize(
    ("request_line", "host", "location"),
    [
        (b"GET /map/x?y=1 HTTP/1.1", b"192.168.0.5:8080", b"https://192.168.0.5:8080/map/x?y=1"),
        (b"POST /api HTTP/1.0", b"[fe80::1]:8080", b"https://[fe80::1]:8080/api"),
        (b"GET / HTTP/1.1", b"evil/host", None),
        (b"GET http://elsewhere/ HTTP/1.1", b"here", None),
        (b"SSH-2.0-x", b"here", None),
    ],
)
async def test_others_are_led_to_https(
    port: Port, request_line: bytes, host: bytes, location: bytes | None
) -> None:
    port.here = False
    answer = await port.ask(b"%b\r\nAccept: */*\r\nHost: %b\r\n\r\n" % (request_line, host))
    if location is None:
        assert answer.startswith(b"HTTP/1.1 400 ")
    else:
        assert answer.startswith(b"HTTP/1.1 308 ")
        assert b"\r\nLocation: %b\r\n" % location in answer


async def test_a_head_without_an_end_is_answered_all_the_same(port: Port) -> None:
    port.here = False
    answer = await port.ask(b"G" * (tls_port.LONGEST_HEAD + 1))
    assert answer.startswith(b"HTTP/1.1 400 ")


async def test_a_client_that_trusts_nobody_here_leaves_others_alone(port: Port) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        await port.ask(b"GET", ssl.create_default_context())
    assert await port.ask(b"GET", port.trusting) == b"http tls GET"


async def test_who_says_nothing_is_closed_and_bounded(
    port: Port, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tls_port, "UNDECIDED_MAX", 2)
    silent = [await asyncio.open_connection("127.0.0.1", port.number) for _ in range(2)]
    refused, writer = await asyncio.open_connection("127.0.0.1", port.number)
    assert await asyncio.wait_for(refused.read(), 10) == b""
    for _, each in (*silent, (refused, writer)):
        each.close()


async def test_silence_ends(port: Port, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tls_port, "SAY_WITHIN", 0.05)
    assert await port.ask(b"") == b""


@pytest.mark.parametrize(
    ("peer", "own", "here"),
    [
        ("127.0.0.1", "127.0.0.1", True),
        ("::ffff:127.0.0.1", "::ffff:127.0.0.1", True),
        ("192.168.0.5", "192.168.0.5", True),
        ("192.168.0.9", "192.168.0.5", False),
    ],
)
def test_what_comes_from_this_machine(peer: str, own: str, here: bool) -> None:
    class Connection:
        def getpeername(self) -> tuple[str, int]:
            return peer, 50_000

        def getsockname(self) -> tuple[str, int]:
            return own, 8080

    assert tls_port.is_here(Connection()) is here
