"""Calls to a server elsewhere: bounded, never redirected, without cookies."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from wagu.errors import Unavailable
from wagu.media_backend import upstream as u


class Rogue:
    def __init__(self) -> None:
        self.asked: list[web.Request] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        if request.path == "/large":
            return web.Response(body=b"x" * 2000)
        if request.path == "/away":
            raise web.HTTPFound("/elsewhere")
        response = web.Response(text="[" * 1000)
        response.set_cookie("a", "b")
        return response


@pytest.fixture
def rogue() -> Rogue:
    return Rogue()


@pytest.fixture
async def upstream(rogue: Rogue) -> AsyncIterator[u.Upstream]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", rogue.answer)
    async with TestServer(app) as server:
        made = u.Upstream(str(server.make_url("")).rstrip("/"), timeout=5)
        yield made
        await made.close()


async def test_an_answer_without_end_is_none(
    upstream: u.Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(u, "LARGEST_ANSWER", 1000)
    with pytest.raises(Unavailable):
        await upstream.call("GET", "/large", {}, what="x")
    assert not upstream.answers


async def test_nobody_is_sent_on_with_our_key(upstream: u.Upstream, rogue: Rogue) -> None:
    reply = await upstream.call("GET", "/away", {"Authorization": "Bearer key"}, what="x")
    assert reply.status == 302
    assert len(rogue.asked) == 1


async def test_cookies_are_not_kept_and_depth_is_no_trap(
    upstream: u.Upstream, rogue: Rogue
) -> None:
    for _ in range(2):
        reply = await upstream.call("GET", "/", {}, what="x")
        with pytest.raises(Unavailable):
            reply.json()
    assert not rogue.asked[1].cookies


async def test_a_budget_that_is_spent_leaves_one_try(upstream: u.Upstream, rogue: Rogue) -> None:
    upstream._timeout = 0
    upstream._breaker.failed = lambda _now: None
    while upstream._budget.spend():
        pass
    with pytest.raises(Unavailable):
        await upstream.call("GET", "/", {}, what="x")
    assert upstream.calls == 1
