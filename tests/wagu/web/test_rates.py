"""Rate limits per network."""

from __future__ import annotations

from contextlib import suppress

import pytest
from aiohttp import WSServerHandshakeError

from wagu.errors import RateLimited
from wagu.realtime.crowd import Crowd
from wagu.web.rates import Rates, rate
from wagu.web.routes import ROUTES

NOBODY = {"username": "nobody", "password": "correct horse"}


async def test_too_many_log_ins_are_told_when_to_come_back(site_with):
    async with site_with(rate_limits="on") as site:
        visitor = site.visitor()
        for _ in range(20):
            assert (await visitor.post("/api/session", {}))[0] == 422
        response = await visitor.raw("POST", "/api/session", json=NOBODY)
        assert response.status == 429
        assert (await response.json())["error"]["code"] == "rate.limited"
        assert 1 <= int(response.headers["Retry-After"]) <= 60
        assert (await visitor.post("/api/guests", {"name": "x"}))[0] == 201, "counted apart"
        # Writing X-Forwarded-For does not make a stranger somebody else.
        forged = {"X-Forwarded-For": "203.0.113.7"}
        assert (await visitor.post("/api/session", NOBODY, headers=forged))[0] == 429


async def test_behind_a_trusted_proxy_clients_are_counted_apart(site_with):
    async with site_with(rate_limits="on", trusted_proxies=("127.0.0.1/32",)) as site:
        visitor = site.visitor()
        for client, expected in (("203.0.113.7", 429), ("203.0.113.8", 422)):
            headers = {"X-Forwarded-For": f"10.9.9.9, {client}"}
            count = 21 if expected == 429 else 1
            for _ in range(count):
                status, _ = await visitor.post("/api/session", {}, headers=headers)
            assert status == expected


async def test_every_costly_route_has_a_limit():
    limited = {(route.method, route.path) for route in ROUTES if route.rate is not None}
    assert limited >= {
        ("POST", "/api/session"),
        ("POST", "/api/members"),
        ("POST", "/api/guests"),
        ("POST", "/api/share-maps"),
        ("POST", "/api/lives"),
        ("POST", "/api/lives/{id}/tickets"),
    }


async def test_ipv6_is_counted_by_its_64():
    rates, limit = Rates(), rate("1/minute")
    await rates.hit(limit, "x", "2001:db8::1")
    with pytest.raises(RateLimited):
        await rates.hit(limit, "x", "2001:db8::ffff:1")
    await rates.hit(limit, "x", "2001:db8:0:1::1")
    await rates.hit(limit, "x", "unknown")


async def test_off_is_off():
    rates, limit = Rates(enabled=False), rate("1/minute")
    for _ in range(5):
        await rates.hit(limit, "x", "192.0.2.1")


async def test_exactly_as_many_as_allowed():
    rates, limit, passed = Rates(), rate("3/hour"), 0
    for _ in range(10):
        with suppress(RateLimited):
            await rates.hit(limit, "x", "192.0.2.1")
            passed += 1
    assert passed == 3


async def test_sockets_are_counted_by_network_unless_limits_are_off(site_with, monkeypatch):
    monkeypatch.setattr("wagu.app.Crowd", lambda: Crowd(2))
    proxies = ("127.0.0.1/32",)
    for limits, most in (("on", 2), ("off", 5)):
        async with site_with(rate_limits=limits, trusted_proxies=proxies) as site:
            session = site.visitor().client.session
            url = site.server.make_url("/ws")
            held = []  # one that nobody holds is closed by the collector

            async def come(client, session=session, url=url, held=held):
                headers = {"X-Forwarded-For": client}
                held.append(await session.ws_connect(url, headers=headers))

            for number in range(most):
                await come(f"2001:db8::{number + 1}")
            if limits == "on":
                with pytest.raises(WSServerHandshakeError, match="429"):
                    await come("2001:db8::ffff")
            await come("2001:db8:0:1::1")


async def test_nodes_that_share_a_redis_count_together(redis_url: str) -> None:
    nodes, limit = [Rates(redis_url=redis_url) for _ in range(3)], rate("3/hour")
    for node in nodes:
        await node.hit(limit, "POST /x", "203.0.113.7")
    with pytest.raises(RateLimited) as refused:
        await nodes[0].hit(limit, "POST /x", "203.0.113.7")
    assert 3500 < refused.value.retry_after <= 3600
    await nodes[1].hit(limit, "POST /x", "203.0.113.8")
    for node in nodes:
        await node.close()


async def test_a_redis_that_is_away_refuses_nobody() -> None:
    rates = Rates(redis_url="redis://127.0.0.1:1/0")
    for _ in range(3):
        await rates.hit(rate("1/hour"), "POST /x", "203.0.113.7")
    await rates.close()
