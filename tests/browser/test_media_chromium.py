"""Chromium and FFmpeg against the SFU alone: no application, one page, real packets."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import math
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import Browser, Page, async_playwright

from media.errors import MediaError
from media.events import Event, PublicationStarted, SpeakersChanged
from media.sfu import Sfu, SfuConfig
from tests.browser import whip_publisher
from tests.clients.waiting import eventually

pytestmark = pytest.mark.browser

PAGE = Path(__file__).with_name("test_media_page.html")
PATIENCE = 45.0
"""Seconds; only a failing test waits that long, however busy the machine."""
SLOTS = 6
CLAPPER, CLAP_WATCH = (PAGE.with_name(name) for name in ("clapper.js", "clap_watch.js"))
CLAPPER_SIZE = (320, 180)
LIP_SYNC, LIP_SYNC_OF_EACH = 80.0, 120.0
"""ms, for 95 of 100 claps: of all, and of those after one beginning"""
LIP_SYNC_SETTLE, LIP_SYNC_WINDOW = 10.0, 20.0
"""Seconds. A browser moves picture and sound towards each other by some ms a second."""


class Studio:
    """An SFU behind three HTTP routes, and the pages that were opened on it."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.events: list[Event] = []
        self.sfu = Sfu(SfuConfig(host="127.0.0.1", slots=SLOTS), self.events.append)
        self.url = ""
        self.complaints: list[str] = []
        app = web.Application()
        app.router.add_get("/", self._page)
        app.router.add_post("/{room}/{peer}/{role}", self._answer)
        app.router.add_delete("/{room}/{peer}", self._leave)
        self._runner = web.AppRunner(app)

    async def open(self) -> None:
        await self.sfu.start()
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}/"

    async def close(self) -> None:
        await self.sfu.close()
        await self._runner.cleanup()

    async def page(self) -> Page:
        """A tab that nobody else shares anything with."""
        page = await (await self.browser.new_context()).new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        await page.goto(self.url)
        return page

    def told(self, kind: type) -> list[Any]:
        return [event for event in self.events if type(event) is kind]

    async def _page(self, _: web.Request) -> web.StreamResponse:
        return web.FileResponse(PAGE)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        found = request.match_info
        role: Any = found["role"]
        try:
            answer = self.sfu.answer(found["room"], found["peer"], role, await request.text())
        except MediaError as error:
            return web.Response(status=400, text=str(error))
        where = {"Location": f"/{found['room']}/{found['peer']}"}
        return web.Response(
            status=201, text=answer.sdp, content_type="application/sdp", headers=where
        )

    async def _leave(self, request: web.Request) -> web.StreamResponse:
        self.sfu.leave(request.match_info["room"], request.match_info["peer"])
        return web.Response()


@pytest.fixture
async def studio(chromium: dict[str, Any]) -> AsyncIterator[Studio]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**chromium)
        made = Studio(browser)
        await made.open()
        yield made
        print(json.dumps(made.sfu.stats()["rooms"]))  # shown where the test failed
        await browser.close()
        await made.close()
    assert made.complaints == []


async def until(condition: Callable[[], Awaitable[object]], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not await condition():
        assert time.monotonic() < deadline, f"{what} did not come true"
        await asyncio.sleep(0.1)


async def inbound(page: Page, kind: str) -> list[dict[str, Any]]:
    figures = await page.evaluate("figures()")
    return [each for each in figures if each["type"] == "inbound-rtp" and each["kind"] == kind]


async def sees(page: Page, size: tuple[int, int], frames: int = 10) -> None:
    """Until so many more frames were decoded and the last has this size."""
    (start,) = await inbound(page, "video") or [{}]
    goal = start.get("framesDecoded", 0) + frames

    async def good() -> bool:
        (video,) = await inbound(page, "video") or [{}]
        found = (video.get("frameWidth"), video.get("frameHeight"))
        return video.get("framesDecoded", 0) >= goal and found == size

    await until(good, f"a picture of {size}")


async def hears(page: Page, voices: int) -> None:
    """Until so many inbound streams carry sound that is not silence."""

    async def good() -> bool:
        loud = [each for each in await inbound(page, "audio") if each["totalAudioEnergy"] > 0]
        return len(loud) == voices and all(each["packetsReceived"] > 20 for each in loud)

    await until(good, f"{voices} voices")


async def test_three_talk_and_each_hears_two(studio: Studio) -> None:
    pages = [await studio.page() for _ in range(3)]
    for number, page in enumerate(pages):
        await page.evaluate(f"talk('room', 'p{number}', {SLOTS})")
    for page in pages:
        await hears(page, 2)
    # Chromium's fake microphone beeps: everybody is marked now and then.
    await until(
        lambda: _true({key for e in studio.told(SpeakersChanged) for key in e.speakers} >= KEYS),
        "all three were marked as speaking",
    )
    lost = [each["packetsLost"] for page in pages for each in await inbound(page, "audio")]
    assert not any(lost)

    await pages[0].context.close()
    for page in pages[1:]:
        before = [each["packetsReceived"] for each in await inbound(page, "audio")]

        async def one_goes_on(page: Page = page, before: list[int] = before) -> bool:
            now = [each["packetsReceived"] for each in await inbound(page, "audio")]
            return sum(b - a > 20 for a, b in zip(before, now, strict=True)) == 1

        await until(one_goes_on, "the two who are left hear each other")


KEYS = {"p0", "p1", "p2"}


async def _true(value: bool) -> bool:
    return value


async def test_simulcast_reaches_two_viewers_and_survives_a_reload(studio: Studio) -> None:
    host = await studio.page()
    await host.evaluate("publish('live', 'host')")
    viewers = [await studio.page() for _ in range(2)]
    for number, page in enumerate(viewers):
        await page.evaluate(f"watch('live', 'v{number}')")
    for page in viewers:
        await sees(page, (1280, 720))
        await hears(page, 1)
        # The promise is two seconds; a machine that runs other tests beside gets more.
        first = await page.evaluate("window.firstFrame")
        assert first < 15_000
    sent = [each for each in await host.evaluate("figures()") if each["type"] == "outbound-rtp"]
    assert {each["rid"] for each in sent if each["kind"] == "video"} == {"l", "m", "h"}

    await host.reload()
    await host.evaluate("publish('live', 'host')")
    for page in viewers:
        await sees(page, (1280, 720), frames=30)
        assert await page.evaluate("state()") == "connected"
        # One stream for the viewer: no packet is missing where one page ended and another began.
        (video,) = await inbound(page, "video")
        assert video["packetsLost"] == 0
    assert len(studio.told(PublicationStarted)) == 2


async def claps(page: Page) -> None:
    """Publish the clapperboard as the host of the live."""
    await page.evaluate(f"() => {{ {CLAPPER.read_text()} }}")
    await page.evaluate("clap('/live/host/publish', '')")


async def gaps(host: Page, viewer: Page) -> list[float]:
    """For each clap of a fixed window how much longer its tone took to be heard than the picture
    that is shown at that moment took to be seen, in ms."""
    await viewer.evaluate("seen.pictures.length = seen.tones.length = 0")
    await asyncio.sleep(LIP_SYNC_WINDOW)
    seen = await viewer.evaluate("seen")
    claps = await host.evaluate("clapTimes")
    found = []
    for heard in seen["tones"]:
        made = max(clap for clap in claps if clap < heard)
        shown, painted = min(seen["pictures"], key=lambda picture: abs(picture[0] - heard))
        found.append((heard - made) - (shown - painted))
    return found


def looked_at(found: list[float], when: str) -> list[float]:
    """How far sound and picture were apart, in ms, ranked."""
    ranked = sorted(abs(gap) for gap in found)
    print(
        f"figure: sound after picture {when}, median {statistics.median(found):.0f} ms, "
        f"95 % within {p95(ranked):.0f} ms, worst {ranked[-1]:.0f} ms"
    )
    assert len(found) >= LIP_SYNC_WINDOW - 2, "one clap a second"
    return ranked


def p95(ranked: list[float]) -> float:
    return ranked[math.ceil(0.95 * len(ranked)) - 1]


async def test_lips_and_voice_stay_together(studio: Studio) -> None:
    """What is rendered: when a tone is heard, the picture on the screen is of the same moment, to
    80 ms in 95 of 100. Looked at three times after a while to settle, and between them the
    publisher reloads, whose clocks begin anew.

    Chromium leaves 30 ms alone, pictures come in steps of 33, and each connection begins with
    another share of both: 80 ms hold for all three together, and none is far from them."""
    host, viewer = await studio.page(), await studio.page()
    await claps(host)
    await viewer.evaluate("watch('live', 'viewer')")
    await sees(viewer, CLAPPER_SIZE)
    await viewer.evaluate(f"() => {{ {CLAP_WATCH.read_text()} }}")
    await viewer.evaluate("watchClaps(document.getElementById('picture'))")
    await asyncio.sleep(LIP_SYNC_SETTLE)
    beginnings = [looked_at(await gaps(host, viewer), "at first")]
    for when in ("after a reload", "after another"):
        await host.reload()
        await claps(host)
        await sees(viewer, CLAPPER_SIZE, frames=30)
        await asyncio.sleep(LIP_SYNC_SETTLE)
        beginnings.append(looked_at(await gaps(host, viewer), when))
    assert p95(sorted(itertools.chain(*beginnings))) < LIP_SYNC
    assert max(map(p95, beginnings)) < LIP_SYNC_OF_EACH


async def test_lost_packets_are_sent_again(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    host, viewer = await studio.page(), await studio.page()
    await host.evaluate("publish('live', 'host')")
    await viewer.evaluate("watch('live', 'viewer')")
    await sees(viewer, (1280, 720))
    egress = studio.sfu._transport._udp.main.egress
    assert egress is not None
    send, lost, counter = egress.send, [], itertools.count()

    def lose(table: Any, sizes: Sequence[int]) -> None:
        # Sound has packets of under 200 bytes here, and no resends.
        if max(sizes) > 200 and next(counter) % 15 == 0:
            lost.extend(sizes)  # what is not sent stays in its slots, for the next to take
        else:
            send(table, sizes)

    async def enough() -> bool:
        return len(lost) >= 5

    monkeypatch.setattr(egress, "send", lose)
    await sees(viewer, (1280, 720), frames=100)
    await eventually(enough, "five packets are lost")
    monkeypatch.setattr(egress, "send", send)
    await sees(viewer, (1280, 720), frames=20)
    (video,) = await inbound(viewer, "video")
    assert video["nackCount"] > 0
    # By RTX they come on another stream, so that they stay lost on this one.
    assert video["retransmittedPacketsReceived"] > len(lost) / 2


@contextlib.contextmanager
def ffmpeg(url: str, folder: Path, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """FFmpeg's WHIP muxer in a process of its own: it holds the GIL while it negotiates."""
    program = [sys.executable, "-u", whip_publisher.__file__, url, "ticket", str(folder), *options]
    with (folder / "ffmpeg.log").open("wb") as log:
        process = subprocess.Popen(program, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        print((folder / "ffmpeg.log").read_text(errors="replace"))


@pytest.mark.parametrize("options", [(), ("whip_flags=dtls_active",)], ids=["passive", "active"])
async def test_ffmpeg_is_watched_in_either_dtls_role(
    studio: Studio, tmp_path: Path, options: tuple[str, ...]
) -> None:
    with ffmpeg(f"{studio.url}live/obs/publish", tmp_path, *options) as process:
        await until(lambda: _true(bool(studio.told(PublicationStarted))), "a first packet")
        viewer = await studio.page()
        await viewer.evaluate("watch('live', 'viewer')")
        await sees(viewer, (whip_publisher.WIDTH, whip_publisher.HEIGHT))
        await hears(viewer, 1)
        assert process.poll() is None
        process.terminate()
        await asyncio.to_thread(process.wait, 10)
    await until(lambda: _true("obs" not in studio.sfu.stats()["rooms"]["live"]["peers"]), "DELETE")
