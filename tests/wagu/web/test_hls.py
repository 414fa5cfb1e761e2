"""Lives by HLS over HTTP: who is sent there, who may see it, what is answered."""

from __future__ import annotations

from typing import Any

import pytest

from tests.wagu.web.conftest import Site, Visitor
from wagu.domain.ban import Ban
from wagu.domain.live import LiveId, LiveState
from wagu.domain.person import PersonId, PersonRef
from wagu.web import admissions, keys
from wagu.web.admissions import Admissions

pytestmark = pytest.mark.sql


@pytest.fixture
async def host(site: Site) -> Visitor:
    return await site.known("host")


async def announce(host: Visitor) -> str:
    _, answer = await host.post("/api/lives", {"title": "냉면"})
    return str(answer["live"]["id"])


async def ticket(visitor: Visitor, live: str, **body: Any) -> tuple[int, Any]:
    return await visitor.post(f"/api/lives/{live}/tickets", {"role": "watch", **body})


async def test_who_comes_when_many_watch_gets_hls(site_with: Any) -> None:
    async with site_with(hls_after=3) as site:
        live = await announce(await site.known("host"))
        site.media.streams[f"live/{live}"] = {}
        viewer = site.visitor()
        for watching, via, kind in (
            (2, None, "embedded"),
            (3, None, "hls"),
            (3, "webrtc", "embedded"),
            (0, "hls", "hls"),
        ):
            site.media.watching[f"live/{live}"] = watching
            status, answer = await ticket(viewer, live, via=via)
            assert (status, answer["kind"]) == (201, kind), (watching, via)
        assert answer["url"] == f"/api/lives/{live}/hls/index.m3u8"
        assert answer["token"] == ""


async def test_a_number_of_nought_is_none(site_with: Any) -> None:
    async with site_with(hls_after=0) as site:
        live = await announce(await site.known("host"))
        site.media.streams[f"live/{live}"] = {}
        site.media.watching[f"live/{live}"] = 100_000
        assert (await ticket(site.visitor(), live))[1]["kind"] == "embedded"


async def test_a_live_that_hls_cannot_show(site_with: Any) -> None:
    async with site_with(hls_after=1) as site:
        live = await announce(await site.known("host"))
        site.media.watching[f"live/{live}"] = 5
        assert (await ticket(site.visitor(), live))[1]["kind"] == "embedded"
        status, answer = await ticket(site.visitor(), live, via="hls")
        assert (status, answer["error"]["code"]) == (409, "live.no_hls")
        status, answer = await site.visitor().get(f"/api/lives/{live}/hls/index.m3u8")
        assert (status, answer["error"]["code"]) == (409, "live.no_hls")


async def test_the_playlist_and_its_files(site: Site, host: Visitor) -> None:
    live = await announce(host)
    site.media.streams[f"live/{live}"] = {"7.1.m4s": b"part"}
    base, viewer = f"/api/lives/{live}/hls", site.visitor()
    answer = await viewer.raw("GET", f"{base}/index.m3u8")
    assert await answer.text() == "#EXTM3U\n"
    assert answer.content_type == "application/vnd.apple.mpegurl"
    assert answer.headers["Cache-Control"] == "no-cache"
    answer = await viewer.raw("GET", f"{base}/index.m3u8?_HLS_msn=7&_HLS_part=1&_HLS_skip=YES")
    assert answer.headers["Cache-Control"] == "public, max-age=1"
    assert site.media.calls[-2:] == [
        ("hls", f"live/{live}", "None", "None"),
        ("hls", f"live/{live}", "7", "1"),
    ]
    answer = await viewer.raw("GET", f"{base}/7.1.m4s")
    assert (answer.content_type, await answer.read()) == ("video/mp4", b"part")
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    status, problem = await viewer.get(f"{base}/7.2.m4s")
    assert (status, problem["error"]["code"]) == (404, "media.no_segment")


@pytest.mark.parametrize("query", ["_HLS_msn=x", "_HLS_msn=-1", "_HLS_msn=1&_HLS_part=99999"])
async def test_directives_that_are_none(site: Site, host: Visitor, query: str) -> None:
    live = await announce(host)
    status, answer = await site.visitor().get(f"/api/lives/{live}/hls/index.m3u8?{query}")
    assert (status, answer["error"]["code"]) == (422, "request.invalid")


async def test_blocks_and_ends_are_heeded_a_moment_later(site: Site, host: Visitor) -> None:
    live, viewer = await announce(host), await site.known("viewer")
    site.media.streams[f"live/{live}"] = {"1.m4s": b"x"}
    address = f"/api/lives/{live}/hls/1.m4s"
    assert (await viewer.raw("GET", address)).status == 200
    assert (await host.raw("PUT", "/api/members/viewer/block")).status == 204
    site.clock.now += admissions.FOR - 0.1
    assert (await viewer.raw("GET", address)).status == 200
    site.clock.now += 0.2
    assert (await viewer.raw("GET", address)).status == 404
    assert (await site.visitor().raw("GET", address)).status == 200
    await site.app[keys.LIVES].set_state(LiveId(live), LiveState.ENDED, 1.0)
    site.clock.now += admissions.FOR + 0.1
    assert (await site.visitor().raw("GET", address)).status == 410


def test_admissions_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admissions, "MOST", 3)
    kept = Admissions()
    for number in range(5):
        kept.admit(LiveId(f"live-{number}"), None, 0.0)
    found = [kept.has(LiveId(f"live-{number}"), None, 1.0) for number in range(5)]
    assert found == [False, False, True, True, True]


async def test_who_is_banned_is_sent_no_further(site: Site, host: Visitor) -> None:
    live, fan = await announce(host), await site.known("fan")
    site.media.streams[f"live/{live}"] = {}
    playlist = f"/api/lives/{live}/hls/index.m3u8"
    assert (await fan.raw("GET", playlist)).status != 403
    ban = Ban(PersonRef(PersonId(f"m_{fan.member_id}"), "fan"), 1.0)
    await site.app[keys.BANS].add(f"live/{live}", ban)
    refused = await fan.raw("GET", playlist)
    assert (refused.status, (await refused.json())["error"]["code"]) == (403, "room.banned")
    status, answer = await ticket(fan, live, via="hls")
    assert (status, answer["error"]["code"]) == (403, "room.banned")
    assert (await host.raw("GET", playlist)).status != 403
