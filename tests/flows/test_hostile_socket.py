"""Bad messages: an error frame with a stable code and the connection lives; a flood is closed."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import WSMsgType, WSServerHandshakeError

from tests.clients.guest import Guest
from tests.flows.conftest import MakeGuest

MALFORMED = (
    "",
    "not json",
    "[]",
    "null",
    '"a string"',
    "{}",
    '{"type": 7}',
    '{"type": "no such thing"}',
    '{"type": "join"}',
    '{"type": "join", "room": 12}',
    '{"type": "vote", "nominee": ["n-1"], "on": "yes"}',
    '{"type": "nominate", "name": "x", "at": [1]}',
    '{"type": "nominate", "name": "x", "at": ["a", "b"]}',
    '{"type": "look", "view": [1e999, 0, 3]}',
    "{" * 5000,
    '{"type": "chat", "text": "\\ud800", "nonce": "a"}',
)


async def in_a_room(server: Any, guests: MakeGuest) -> tuple[Guest, Guest]:
    host = await guests(server, "지민", member=True)
    room = await host.create_share_map()
    sky = await guests(server, "하늘")
    await host.join(room)
    await sky.join(room)
    return host, sky


async def test_bad_messages_are_refused_one_by_one(
    server: Callable[..., Any], guests: MakeGuest
) -> None:
    host, sky = await in_a_room(server(), guests)
    for frame in MALFORMED:
        before = len(sky.heard)
        await sky.send_text(frame)
        error = await sky.hear(lambda m: m["type"] == "error", since=before)
        assert error["code"] == "message.malformed", frame[:60]
    before = len(sky.heard)
    await sky.send_bytes(b"\x00\x01")
    assert (await sky.hear(lambda m: m["type"] == "error", since=before))[
        "code"
    ] == "message.binary"
    before = len(sky.heard)
    await sky.send_text(json.dumps({"type": "chat", "text": "가" * 30_000, "nonce": "a"}))
    too_large = await sky.hear(lambda m: m["type"] == "error", since=before)
    assert too_large["code"] == "message.too_large"

    await sky.ask("chatted", type="chat", text="아직 여기 있어", nonce="b")
    await host.hear(lambda m: m["type"] == "chatted" and m["chat"]["text"] == "아직 여기 있어")


async def test_what_nobody_reads_is_closed_unread(
    server: Callable[..., Any], guests: MakeGuest
) -> None:
    host, sky = await in_a_room(server(), guests)
    await sky.send_text("x" * (1024 * 1024 + 1))
    assert await sky.hear_close() == 1009
    await sky.connect()
    await sky.send_bytes(b"\xff", WSMsgType.TEXT)  # no UTF-8
    assert await sky.hear_close() == 1007
    await host.ask("pong", type="ping")


async def test_a_flood_is_slowed_down_then_closed(
    server: Callable[..., Any], guests: MakeGuest
) -> None:
    host, sky = await in_a_room(server(), guests)
    for _ in range(200):
        await sky.send(type="look", at=[37.5, 127.0])
    limited = await sky.hear(lambda m: m["type"] == "error")
    assert limited["code"] == "rate.limited"
    with contextlib.suppress(ConnectionError):  # it is closed while we still talk
        for _ in range(5000):
            await sky.send(type="look", at=[37.5, 127.0])
    assert await sky.hear_close() == 4029
    await host.ask("pong", type="ping")


async def test_a_page_of_another_site_does_not_get_in(
    server: Callable[..., Any], guests: MakeGuest
) -> None:
    sky = await guests(server(), "하늘")
    with pytest.raises(WSServerHandshakeError) as refused:
        await sky.http.ws_connect(sky.url + "/ws", headers={"Origin": "https://evil.example"})
    assert refused.value.status == 403
