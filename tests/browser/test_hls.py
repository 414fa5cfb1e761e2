"""Who comes when many watch already, or has no WebRTC, sees the live by HLS: picture, sound, chat;
a bit late."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.pages.hls import WatchByHls
from tests.browser.pages.live import Watch
from tests.browser.pages.parties import Arrive
from tests.browser.pages.visitor import PHONE, Visitor
from tests.clients.waiting import eventually

pytestmark = pytest.mark.browser

CLAPPER = Path(__file__).with_name("clapper.js")
SIZE = (320, 180)
LATE = 3.0
"""Seconds behind the host's canvas, at most."""
PATIENCE = 40.0

CODEC = """async () => {
  const reports = [...(await peer.getStats()).values()];
  return reports.find(({ mimeType }) => mimeType?.startsWith('video/'))?.mimeType ?? null;
}"""


async def claps(host: Visitor, title: str) -> str:
    """A host who is live with a clapperboard; the live's id."""
    await host.become_member()
    live = str((await host.api("POST", "/api/lives", {"title": title}))["live"]["id"])
    ticket = await host.api("POST", f"/api/lives/{live}/tickets", {"role": "publish"})
    host.troubles.expect(r"favicon\.ico")  # of a page that is no page of the client's
    await host.open("/livez")
    await host.page.evaluate(f"() => {{ {CLAPPER.read_text()} }}")
    await host.page.evaluate("([url, token]) => clap(url, token)", [ticket["url"], ticket["token"]])
    return live


async def test_a_viewer_past_the_limit_watches_by_hls(
    server: Callable[..., Any], arrive: Arrive, test_results: Path
) -> None:
    here = server(WAGU_HLS_AFTER="1")
    host = await arrive(here, "지민")
    live = await claps(host, "멀리서도")

    near, far = Watch(await arrive(here, "하늘")), WatchByHls(await arrive(here, "바다", PHONE))
    await far.visitor.become_guest()
    await near.by_link(f"/live/{live}")
    await near.sees_picture(SIZE, within=PATIENCE)
    codec = await host.page.evaluate(CODEC)
    print(f"figure: the publisher sends {codec}")

    await far.by_link(f"/live/{live}")
    await far.sees_stream(SIZE, within=PATIENCE)
    await far.hears_tone(within=PATIENCE)
    assert await far.page.evaluate("peers.length") == 0, "without WebRTC"
    await far.page.screenshot(path=test_results / "live-hls-phone.png")
    await near.counts_viewers(2)
    await far.say("여기서도 보여요")
    await near.hears("여기서도 보여요", by="바다")

    async def near_enough() -> float | None:
        late = await far.latency()
        print(f"{late:.2f} s behind, {await far.ahead()}")
        return late if late < LATE else None

    late = await eventually(near_enough, f"less than {LATE} s behind", within=PATIENCE)
    print(f"figure: HLS is {late:.2f} s behind the host")
    seen = await far.frames()

    async def goes_on() -> bool:
        return await far.frames() > seen + 40

    await eventually(goes_on, "the picture goes on", within=PATIENCE)
    await near.sees_picture(SIZE)
    assert codec == "video/H264"


async def test_a_browser_without_webrtc_watches_by_hls(
    server: Callable[..., Any], arrive: Arrive
) -> None:
    here = server()
    live = await claps(await arrive(here, "지민"), "옛날 브라우저에서도")
    viewer = WatchByHls(await arrive(here, "바다", PHONE))
    await viewer.visitor.context.add_init_script("delete window.RTCPeerConnection")
    await viewer.by_link(f"/live/{live}")
    assert await viewer.page.evaluate("'RTCPeerConnection' in window") is False
    await viewer.sees_stream(SIZE, within=PATIENCE)
    await viewer.hears_tone(within=PATIENCE)
    seen = await viewer.frames()

    async def goes_on() -> bool:
        return await viewer.frames() > seen + 40

    await eventually(goes_on, "the picture goes on", within=PATIENCE)
    await viewer.counts_viewers(1)
