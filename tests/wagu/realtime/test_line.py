"""Frames as they go over the wire, read by aiohttp and, where its length changes form, by hand."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from aiohttp import WSMsgType, web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import example, given
from hypothesis import strategies as st

from wagu.realtime.line import AT_ONCE, Line, text_frame, upgrade

EDGES = (0, 1, 125, 126, 65_535, 65_536, 200_000)


@pytest.mark.parametrize(
    ("size", "header"),
    [
        (125, "81 7d"),
        (126, "81 7e 00 7e"),
        (65_535, "81 7e ff ff"),
        (65_536, "81 7f 00 00 00 00 00 01 00 00"),
    ],
)
def test_the_three_forms_of_a_length(size: int, header: str) -> None:
    assert text_frame(b"x" * size) == bytes.fromhex(header) + b"x" * size


@given(st.text(max_size=300))
@example("가" * 42)
def test_a_frame_is_its_header_and_the_text(text: str) -> None:
    data = text.encode()
    frame = text_frame(data)
    assert frame.endswith(data)
    assert len(frame) - len(data) == (2 if len(data) < 126 else 4)


class Door:
    """A WebSocket whose server side is at hand."""

    def __init__(self) -> None:
        self.line: asyncio.Future[Line] = asyncio.get_running_loop().create_future()
        self.done = asyncio.Event()

    async def answer(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        self.line.set_result(await upgrade(socket, request))
        await self.done.wait()
        await socket.close()
        return socket


@pytest.fixture
async def door():
    made = Door()
    app = web.Application()
    app.router.add_get("/", made.answer)
    async with TestClient(TestServer(app)) as client:
        made.client = client
        yield made
        made.done.set()


async def test_every_length_arrives_between_frames_of_aiohttp(door) -> None:
    async with door.client.ws_connect("/", max_msg_size=0) as ws:
        line = await door.line
        for size in EDGES:
            await line.drain()
            line.write(text_frame(json.dumps("가" * size, ensure_ascii=False).encode()))
        for size in EDGES:
            message = await ws.receive()
            assert (message.type, json.loads(message.data)) == (WSMsgType.TEXT, "가" * size)
        door.done.set()
        assert (await ws.receive()).type is WSMsgType.CLOSE


async def test_who_does_not_read_is_waited_for(door) -> None:
    async with door.client.ws_connect("/", max_msg_size=0) as ws:
        line = await door.line
        ws._response.connection.transport.pause_reading()
        assert line.is_free
        sent = 0
        while line.is_free:
            line.write(text_frame(b"x" * AT_ONCE))
            sent += 1
        draining = asyncio.ensure_future(line.drain())
        await asyncio.sleep(0.05)
        assert not draining.done()
        ws._response.connection.transport.resume_reading()
        for _ in range(sent):
            assert len((await ws.receive()).data) == AT_ONCE
        await draining
        assert line.is_free


async def test_to_who_has_left_nothing_is_written(door) -> None:
    async with door.client.ws_connect("/") as ws:
        line = await door.line
        line.abort()
        line.write(text_frame(b"too late"))
        assert (await ws.receive()).type is WSMsgType.CLOSED


# ------------------------------------------------------------------------ straight to the transport


class Transport(asyncio.Transport):
    """Takes what fits, and says what does not, as transports do."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self.room, self.waiting, self.closing = room, 0, False
        self.protocol: asyncio.BaseProtocol = asyncio.Protocol()

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        self.high = high or 0

    def get_write_buffer_size(self) -> int:
        return self.waiting

    def get_protocol(self) -> asyncio.BaseProtocol:
        return self.protocol

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self.protocol = protocol

    def is_closing(self) -> bool:
        return self.closing

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.waiting += max(0, len(data) - self.room)
        self.room = max(0, self.room - len(data))
        if self.waiting > self.high:
            self.protocol.pause_writing()

    def abort(self) -> None:
        self.closing = True


async def nothing() -> None:
    pass


def test_straight_while_nothing_waits() -> None:
    transport = Transport(room=3 * AT_ONCE)
    line = Line(transport, nothing)
    frame = text_frame(b"x" * (AT_ONCE - 4))
    assert line.write_if_free(frame)
    assert line.straight is None  # without a reader nobody would say when it is too much
    line.read(lambda _text: False)
    assert line.write_if_free(frame)
    assert line.straight == transport.write
    line.straight(frame)
    assert line.straight == transport.write
    line.straight(frame)
    assert line.straight == transport.write  # just as much as may wait
    line.straight(frame)
    assert line.straight is None
    assert not line.write_if_free(frame)
    transport.room, transport.waiting = AT_ONCE, 0
    assert line.write_if_free(frame)
    assert line.straight == transport.write


@pytest.mark.parametrize("size", [AT_ONCE, 2 * AT_ONCE])
def test_not_straight_where_the_first_was_too_much(size: int) -> None:
    transport = Transport(room=0)
    line = Line(transport, nothing)
    line.read(lambda _text: False)
    assert line.write_if_free(text_frame(b"x" * size))
    assert line.straight is None


@pytest.mark.parametrize("leave", ["eof_received", "connection_lost"])
def test_not_straight_to_who_has_left(leave: str) -> None:
    transport = Transport(room=AT_ONCE)
    line = Line(transport, nothing)
    line.read(lambda _text: False)
    line.write_if_free(text_frame(b"x"))
    protocol: Any = transport.protocol
    protocol.connection_lost(None) if leave == "connection_lost" else protocol.eof_received()
    assert line.straight is None
    line.write_if_free(text_frame(b"x"))
    line.abort()
    assert line.straight is None
    assert line.write_if_free(text_frame(b"x"))  # it goes nowhere, and the reader learns why
    assert line.straight is None
    assert transport.room == AT_ONCE - 6
