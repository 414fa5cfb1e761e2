"""The upgrade request: whose page, whose cookie; silence; the server's farewell."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import WSMsgType, WSServerHandshakeError, web
from aiohttp.test_utils import TestServer
from structlog.testing import capture_logs

from wagu.errors import RateLimited, Unavailable
from wagu.realtime.crowd import Crowd
from wagu.realtime.endpoint import Endpoint
from wagu.web.errors import errors


@pytest.mark.parametrize("origin", ["same", "https://wagu.example.org", None])
async def test_our_own_pages_may_connect(house: Any, origin: str | None) -> None:
    if origin == "same":
        origin = f"http://{house.server.host}:{house.server.port}"
    headers = {} if origin is None else {"Origin": origin}
    talker = await house.connect(**headers)
    await talker.ask("ping", "pong")


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "",
        "http://[",
        "http://127.0.0.1",
        "https://wagu.example.org.evil.example",
    ],
)
async def test_other_pages_may_not(house: Any, origin: str) -> None:
    with pytest.raises(WSServerHandshakeError) as caught:
        await house.connect(await house.guest(), Origin=origin)
    assert caught.value.status == 403


async def test_the_cookie_says_who(house: Any) -> None:
    host = await house.member()
    room = f"map/{(await house.share_map(host)).id}"
    for who in (host, await house.guest("하늘")):
        you = (await house.enter(who, room)).heard[-1]["you"]
        assert (you["id"], you["name"], you["kind"]) == (who.id, who.person.name, who.person.kind)


async def test_nothing_inside_a_message_says_who(table: Any) -> None:
    guest, at_guest = await table.sit()
    said = await at_guest.ask(
        "chat",
        "chatted",
        text="나는 방장이다",
        id=table.host.id,
        **{"from": {"id": table.host.id, "name": "지민"}},
    )
    assert said["chat"]["from"]["id"] == guest.id


@pytest.mark.parametrize("cookie", ["wagu_session=nobody", "wagu_session=", "other=1"])
async def test_an_unknown_cookie_is_an_anonymous_viewer(house: Any, cookie: str) -> None:
    host = await house.member()
    live = await house.live(host)
    talker = await house.connect(Cookie=cookie)
    you = (await talker.join(f"live/{live.id}"))["you"]
    assert you["kind"] == "viewer"
    assert you["id"].startswith("v_")


@pytest.mark.parametrize("cookie", ["세션".encode(), b"\xff\xfe", b"x" * 129])
async def test_a_cookie_that_cannot_be_a_token_is_nobody(house: Any, cookie: bytes) -> None:
    """Spoken by hand: clients write no such bytes, attackers do."""
    reader, writer = await asyncio.open_connection(house.server.host, house.server.port)
    writer.write(
        b"GET /ws HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        b"Cookie: wagu_session=" + cookie + b"\r\n\r\n"
    )
    assert b" 101 " in await reader.readline()
    writer.close()
    await house.until(lambda: not house.hub.delivery.clients())


async def test_a_plain_request_is_no_upgrade(house: Any) -> None:
    async with house.http.get(house.server.make_url("/ws")) as answer:
        assert answer.status == 400


async def test_a_store_that_is_away(house: Any) -> None:
    async def away(key: str) -> str:
        raise Unavailable("store.unavailable", "")

    guest = await house.guest()
    house.store.get = away
    with pytest.raises(WSServerHandshakeError) as caught:
        await house.connect(guest)
    assert caught.value.status == 503


async def test_frames_are_not_compressed(house: Any) -> None:
    async with house.http.ws_connect(house.server.make_url("/ws"), compress=15) as ws:
        assert ws.compress == 0


async def test_a_silent_client_is_asked_and_then_dropped(house: Any) -> None:
    ws = await house.http.ws_connect(house.server.make_url("/ws"), autoping=False)
    await house.pass_time(19)
    await house.pass_time(1)
    assert (await ws.receive(5)).type is WSMsgType.PING
    await house.pass_time(9)
    await house.pass_time(1)
    frame = await ws.receive(5)
    assert (frame.type, frame.data) == (WSMsgType.CLOSE, 4000)


async def test_a_client_that_answers_stays(house: Any) -> None:
    """As a browser does while its page sleeps in a hidden tab."""
    talker = await house.connect()
    answering = asyncio.create_task(talker.expect("pong"))
    (client,) = house.hub.delivery.clients()
    for _ in range(10):
        await house.pass_time(20)
        await house.until(lambda: not client._asked)
    await talker.send("ping")
    await answering


async def test_the_server_says_goodbye_quickly(house: Any) -> None:
    host = await house.member()
    room = f"map/{(await house.share_map(host)).id}"
    talkers = [await house.enter(await house.guest(), room) for _ in range(20)]
    deaf = await house.http.ws_connect(house.server.make_url("/ws"), autoclose=False)
    listening = [asyncio.create_task(talker.closed()) for talker in talkers]
    began = time.monotonic()
    await house.hub.close()
    assert time.monotonic() - began < 2.5
    assert await asyncio.gather(*listening) == [1001] * 20
    await deaf.close()


async def test_the_log_has_the_closing_code_as_a_number(house: Any) -> None:
    with capture_logs() as logs:
        talker = await house.connect()
        await talker.ws.close(code=1001)
        await house.until(lambda: not house.hub.delivery.clients())
    (closed,) = [line for line in logs if line["event"] == "= closed"]
    assert (repr(closed["code"]), closed["log_level"]) == ("1001", "info")


# ------------------------------------------------------------------------------ many of one network


@asynccontextmanager
async def crowded(house: Any, most: int) -> AsyncIterator[tuple[Crowd, Any]]:
    """Another door of the same house, that asks the caller's network."""
    crowd = Crowd(most)
    app = web.Application(middlewares=[errors])
    door = Endpoint(house.hub, None, lambda request: request.headers.get("X-Network"), crowd)
    app.router.add_get("/ws", door.handle)
    server = TestServer(app)
    await server.start_server()
    try:
        yield (
            crowd,
            lambda network: house.http.ws_connect(
                server.make_url("/ws"), headers={} if network is None else {"X-Network": network}
            ),
        )
    finally:
        await house.hub.close()
        await server.close()


async def test_one_network_cannot_take_all_seats(house: Any) -> None:
    async with crowded(house, most=3) as (crowd, connect):
        seats = [await connect("a") for _ in range(3)]
        with pytest.raises(WSServerHandshakeError) as refused:
            await connect("a")
        assert refused.value.status == 429
        assert refused.value.headers is not None
        assert int(refused.value.headers["Retry-After"]) > 0
        others = [await connect("b"), *[await connect(None) for _ in range(5)]]
        await seats.pop().close()
        await house.until(lambda: len(house.hub.delivery.clients()) == 8)
        seats.append(await connect("a"))
        for socket in (*seats, *others):
            await socket.close()
        await house.until(lambda: len(crowd) == 0)


def test_a_refused_socket_takes_no_seat() -> None:
    crowd = Crowd(1)
    with crowd.seat("a"), pytest.raises(RateLimited), crowd.seat("a"):
        pass
    assert len(crowd) == 0
    with crowd.seat("a"):
        assert len(crowd) == 1
