"""A session before and while aiortc is imported: in a thread, once for all who wait."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from media.transport import Drop, Transport
from media.transport.certificate import Certificate
from media.transport.dtls import QUEUE_LENGTH, Aiortc, DtlsSession, _Wire
from media.transport.handshake import Handshake

MakePeer = Callable[..., Awaitable[Any]]
WaitFor = Callable[..., Awaitable[None]]


class Slow:
    """An import that ends when the test says so."""

    def __init__(self) -> None:
        self.begun = 0
        self.end = threading.Event()
        self.fails = False

    def __call__(self) -> type[Handshake]:
        self.begun += 1
        self.end.wait(10)
        if self.fails:
            raise ImportError("no such library")
        return Handshake


async def test_all_who_come_meanwhile_wait_for_one_import() -> None:
    slow = Slow()
    aiortc = Aiortc(slow)
    aiortc.begin()
    waiting = [asyncio.create_task(aiortc.ready()) for _ in range(3)]
    await asyncio.sleep(0)
    # One whose link is closed meanwhile takes it from nobody.
    waiting[0].cancel()
    await asyncio.wait(waiting[:1])
    slow.end.set()
    assert await asyncio.gather(*waiting[1:]) == [Handshake, Handshake]
    assert await aiortc.ready() is Handshake
    assert (slow.begun, waiting[0].cancelled()) == (1, True)


async def test_after_a_failure_the_next_one_tries_again() -> None:
    slow = Slow()
    slow.fails = True
    slow.end.set()
    aiortc = Aiortc(slow)
    for _ in range(2):
        with pytest.raises(ImportError):
            await aiortc.ready()
    slow.fails = False
    assert await aiortc.ready() is Handshake
    assert slow.begun == 3


async def test_what_comes_meanwhile_is_kept_up_to_a_bound() -> None:
    slow = Slow()
    session = DtlsSession(Aiortc(slow), Certificate(0.0), "server", [], lambda _: None)
    shaking = asyncio.create_task(session.handshake())
    await asyncio.sleep(0)
    taken = [session.feed(b"\x16") for _ in range(QUEUE_LENGTH + 1)]
    assert taken == [True] * QUEUE_LENGTH + [False]
    shaking.cancel()
    await session.stop()
    slow.end.set()


async def test_a_peer_that_is_quicker_than_the_import_connects(
    transport: Transport, make_peer: MakePeer, wait_for: WaitFor
) -> None:
    slow = Slow()
    transport.aiortc = Aiortc(slow)
    peer = await make_peer(connect=False)
    connecting = asyncio.create_task(peer.connect())
    # A check and a hello.
    await wait_for(lambda: transport.counters.received_packets >= 2, "two datagrams")
    assert not peer.link.connected
    slow.end.set()
    await connecting
    await peer.passes_media()
    await peer.dropped(Drop.DTLS_OVERFLOW, 0)


async def test_a_link_ends_when_aiortc_cannot_be_imported(
    transport: Transport,
    make_peer: MakePeer,
    wait_for: WaitFor,
    caplog: pytest.LogCaptureFixture,
) -> None:
    slow = Slow()
    slow.fails = True
    slow.end.set()
    transport.aiortc = Aiortc(slow)
    peer = await make_peer(connect=False)
    peer.open()
    peer.link.start()
    with caplog.at_level(logging.ERROR):
        await peer.bind()
        await wait_for(lambda: peer.sink.closed, "closed")
    assert peer.sink.closed == ["failed"]
    assert "no such library" in caplog.text
    assert transport.objects()["links"] == 0


async def test_the_socket_is_looked_at_before_each_step_of_a_handshake(
    transport: Transport, make_peer: MakePeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []
    monkeypatch.setattr(transport, "glance", lambda: looks.append(1))
    peer = await make_peer()
    assert len(looks) >= 2  # its hello, and its finishing
    await peer.passes_media()


async def test_who_sends_without_an_end_keeps_nobody_else_from_the_loop() -> None:
    looks: list[int] = []

    def glance() -> None:
        looks.append(1)
        wire.inbound.put_nowait(b"\x16 and more of it")

    async def shake() -> None:
        while True:
            await wire._recv()

    wire = _Wire(lambda data: None, glance)
    shaking = asyncio.create_task(shake())
    await asyncio.sleep(0)
    wire.inbound.put_nowait(b"\x16")
    for _ in range(20):
        await asyncio.sleep(0)
    shaking.cancel()
    assert looks == [1]
