"""From node to node over real HTTP."""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from wagu.cluster.arrivals import PASSPORT, PASSPORTS, arrivals
from wagu.cluster.node import Node, NodeId
from wagu.cluster.passport import HEADER, Passports
from wagu.cluster.ways import LARGEST_ANSWER, Traveller, Unreachable, Ways
from wagu.ephemeral import open_store
from wagu.web.errors import errors

LARGE = secrets.token_bytes(3_000_000)
WHO = Traveller("203.0.113.7", https=True)


async def answer(request: web.Request) -> web.StreamResponse:
    if request.path == "/too-large":
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(LARGEST_ANSWER // len(LARGE) + 2):
            await response.write(LARGE)
        return response
    if request.path == "/large":
        return web.Response(body=LARGE)
    found = request.get(PASSPORT)
    text = f"{found.address if found else 'nobody'} {request.raw_path} {await request.text()}"
    return web.Response(text=text, status=418)


@pytest.fixture
async def there(tmp_path: Path) -> AsyncIterator[tuple[Node, Ways]]:
    """Another node, and the way to it."""
    store = open_store(None, tmp_path, time.time)
    await store.start()
    passports = Passports(store, time.time)
    await passports.start()
    app = web.Application(middlewares=[errors, arrivals])
    app[PASSPORTS] = passports
    app.router.add_route("*", "/{path:.*}", answer)
    server = TestServer(app)
    await server.start_server()
    ways = Ways(NodeId("n_here"), passports, time.time)
    await ways.start()
    yield Node(NodeId("n_there"), str(server.make_url("")).rstrip("/")), ways
    await ways.close()
    await server.close()


async def test_an_answer_comes_whole(there: tuple[Node, Ways]) -> None:
    node, ways = there
    reply = await ways.ask(node, "GET", "/large", WHO, {}, b"")
    assert reply.body == LARGE


async def test_what_is_asked_arrives_as_it_was_with_who_asked(there: tuple[Node, Ways]) -> None:
    node, ways = there
    reply = await ways.ask(node, "POST", "/a%2Fb?c=%20d", WHO, {"X-Other": "1"}, "말".encode())
    assert (reply.status, reply.body.decode()) == (418, "203.0.113.7 /a%2Fb?c=%20d 말")


async def test_an_endless_answer_is_given_up(
    there: tuple[Node, Ways], monkeypatch: pytest.MonkeyPatch
) -> None:
    node, ways = there
    monkeypatch.setattr("wagu.cluster.ways.LARGEST_ANSWER", len(LARGE))
    with pytest.raises(Unreachable, match="answers with more"):
        await ways.ask(node, "GET", "/too-large", WHO, {}, b"")


async def test_nobody_there_is_told(there: tuple[Node, Ways]) -> None:
    _, ways = there
    with pytest.raises(Unreachable):
        await ways.ask(Node(NodeId("x"), "http://127.0.0.1:1"), "GET", "/", WHO, {}, b"")
    with pytest.raises(Unreachable):
        await ways.open(Node(NodeId("x"), "http://127.0.0.1:1"), "/ws", WHO, {})


async def test_a_passport_of_ones_own_making_is_refused(there: tuple[Node, Ways]) -> None:
    node, ways = there
    for made_up in ("x", "e30.00"):
        async with ways._http.get(f"{node.url}/x", headers={HEADER: made_up}) as answered:
            assert answered.status == 403
