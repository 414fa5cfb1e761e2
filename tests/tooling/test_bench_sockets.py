"""The WebSocket frames of scripts/bench: counted and kept however the bytes are cut."""

from __future__ import annotations

import asyncio
import socket

import pytest
from aiohttp import web

from benches.apart import middle
from benches.ws.broadcaster import Broadcaster
from benches.ws.crowd import Client
from benches.ws.frames import CLOSE, PING, TEXT, FrameReader, masked
from benches.ws.trial import Result


def frame(payload, opcode=TEXT):
    """A server's."""
    length = len(payload)
    if length < 126:
        size = bytes([length])
    elif length < 1 << 16:
        size = bytes([126]) + length.to_bytes(2, "big")
    else:
        size = bytes([127]) + length.to_bytes(8, "big")
    return bytes([0x80 | opcode]) + size + payload


SENT = [b"", b"a", b"b" * 125, b"c" * 126, b"d" * 3000]
STREAM = b"".join(map(frame, SENT)) + frame(b"still there?", PING)


@pytest.mark.parametrize("step", [1, 2, 3, 7, 128, 5000])
def test_messages_are_the_same_however_they_are_cut(step):
    counting, keeping = FrameReader(), FrameReader(keeps=True)
    for start in range(0, len(STREAM), step):
        for reader in (counting, keeping):
            reader.feed(memoryview(STREAM)[start : start + step])
    assert counting.texts == keeping.texts == len(SENT)
    assert counting.kept == [(PING, b"still there?")]
    assert keeping.kept == [*((TEXT, each) for each in SENT), (PING, b"still there?")]


def test_a_large_message_is_one():
    reader = FrameReader(keeps=True)
    reader.feed(memoryview(frame(bytes(70_000)) + frame(b"", CLOSE)))
    assert [(opcode, len(body)) for opcode, body in reader.kept] == [(TEXT, 70_000), (CLOSE, 0)]


async def test_a_client_talks_to_a_real_server():
    """With a handshake, masked frames of both sizes, and what the others in the room hear."""
    broadcaster = Broadcaster()
    app = web.Application()
    app.router.add_get("/ws", broadcaster.enter)
    runner = web.AppRunner(app)
    await runner.setup()
    listener = socket.create_server(("127.0.0.1", 0))
    await web.SockSite(runner, listener).start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    client = await asyncio.to_thread(Client, url, "", "map/1", listens=True)
    try:
        client.say({"type": "chat", "text": "x" * 200})
        client.socket.setblocking(True)
        while not client.reader.texts > 1:
            data = await asyncio.to_thread(client.socket.recv, 4096)
            client.reader.feed(memoryview(data))
        assert b"x" * 200 in client.reader.kept[-1][1]
    finally:
        client.socket.close()
        await runner.cleanup()


def test_masked_frames_say_how_long_they_are():
    assert masked(b"hi") == b"\x81\x82\0\0\0\0hi"
    assert masked(bytes(300))[:4] == b"\x81\xfe\x01\x2c"


def test_the_middle_of_results_is_that_of_each_figure():
    costs = [1.0, 9.0, 2.0]
    results = [
        Result("wagu", 10, 1, 100.0, cost, 5 - cost, 0.0, 0.0, 0.0, 0.0, 0.0) for cost in costs
    ]
    found = middle(results)
    assert (found.cost, found.p50, found.server, found.clients) == (2.0, 3.0, "wagu", 10)
