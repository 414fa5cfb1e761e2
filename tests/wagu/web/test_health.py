"""Alive, ready, figures."""

from __future__ import annotations

import pytest

from tests.wagu.web.conftest import ELSEWHERE
from wagu.ephemeral.store import unavailable
from wagu.web import keys

READY = {
    "ready": True,
    "degraded": False,
    "parts": {"database": True, "store": True, "media": True},
}


async def test_alive_and_ready(site):
    assert await site.visitor().get("/livez") == (200, {"alive": True})
    assert await site.visitor().get("/readyz") == (200, READY)


async def test_one_part_that_fails_is_named(site):
    async def broken() -> None:
        raise ConnectionError

    site.app[keys.CHECKS]["store"] = broken
    status, answer = await site.visitor().get("/readyz")
    assert (status, answer["ready"], answer["parts"]["store"]) == (503, False, False)
    assert answer["parts"]["database"] is True


async def test_our_own_media_is_a_part_of_us(site):
    site.media.answers = False
    assert (await site.visitor().get("/readyz"))[0] == 503


async def test_a_media_server_elsewhere_takes_nothing_with_it(site_with):
    async with site_with(**ELSEWHERE) as other:
        other.media.answers = False
        status, answer = await other.visitor().get("/readyz")
        assert (status, answer["ready"], answer["degraded"]) == (200, True, True)
        assert answer["parts"] == {"database": True, "store": True, "media": False}


@pytest.mark.parametrize("path", ["/livez", "/metrics", "/api/config"])
async def test_what_asks_nobody_who_they_are_outlives_the_store(site, monkeypatch, path):
    async def away(*_args: object) -> None:
        raise unavailable()

    guest = await site.guest()
    monkeypatch.setattr(site.app[keys.SESSIONS], "resolve", away)
    assert (await guest.raw("GET", path)).status == 200
    assert (await guest.raw("GET", "/api/session")).status == 503


async def figures(visitor) -> str:
    response = await visitor.raw("GET", "/metrics")
    assert response.content_type == "text/plain"
    return await response.text()


async def test_requests_are_counted_by_template(site):
    visitor = site.visitor()
    for live in ("a", "b", "c"):
        await visitor.get(f"/api/lives/{live}")
    await visitor.raw("PROPFIND", "/api/lives")
    text = await figures(visitor)
    counted = 'wagu_http_requests_total{method="GET",route="/api/lives/{id}",status="404"} 3.0'
    assert counted in text
    assert 'method="OTHER"' in text
    assert "PROPFIND" not in text


async def test_media_figures_are_read_when_asked(site):
    site.media.figures = {
        "received_packets": 7,
        "dropped": {"bad_srtp": 2},
        "streams": {"freezes": 3, "switches": 5},
        "rooms": {"live/a": {"peers": {}}, "map/b": {"peers": {}}},
    }
    text = await figures(site.visitor())
    assert "wagu_media_received_packets_total 7.0" in text
    assert 'wagu_media_dropped_total{kind="bad_srtp"} 2.0' in text
    assert "wagu_media_rooms 2.0" in text
    assert 'wagu_media_streams_total{kind="freezes"} 3.0' in text
    assert 'wagu_media_streams_total{kind="switches"} 5.0' in text
    assert 'wagu_media_estimate{kind="count"} 0.0' in text
    assert "live/a" not in text
