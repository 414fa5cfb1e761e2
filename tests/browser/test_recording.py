"""A recorded live: what a killed server leaves can be played, in step, and is shown on the live's
page after its restart; what is shown has a picture."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import av
import numpy as np
import pytest
from playwright.async_api import expect

from tests.browser.pages.parties import Arrive
from tests.browser.pages.pictures import take
from tests.browser.pages.visitor import PHONE, Visitor
from tests.clients.waiting import eventually

pytestmark = pytest.mark.browser

CLAPPER = Path(__file__).with_name("clapper.js")
IN_STEP = 0.080
"""Seconds: what people notice between lips and voice (ITU-R BT.1359 says 45 to 125 ms)."""


def children(pid: int) -> list[int]:
    return [
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]


def flashes(path: Path) -> tuple[list[float], float]:
    """When the picture turned white, and when its last frame is."""
    found, was, last = [], 255.0, 0.0
    with av.open(str(path)) as file:
        for frame in file.decode(video=0):
            last = float(frame.time)
            bright = float(frame.to_ndarray(format="gray")[:150].mean())
            if bright > 128 > was:
                found.append(last)
            was = bright
    return found, last


def tones(path: Path) -> tuple[list[float], float]:
    """When the tone began, to 5 ms, and when the sound ends."""
    found, was, last = [], 1.0, 0.0
    with av.open(str(path)) as file:
        for frame in file.decode(audio=0):
            samples = frame.to_ndarray().astype(np.float32)
            if samples.shape[0] == 1:  # packed: channels side by side
                samples = samples.reshape(-1, len(frame.layout.channels)).T
            scale = 32768 if frame.format.name.startswith("s16") else 1
            step = frame.sample_rate // 200
            for at in range(0, samples.shape[1] - step + 1, step):
                last = float(frame.time) + at / frame.sample_rate
                loud = float(np.abs(samples[:, at : at + step]).max()) / scale
                if loud > 0.1 >= was:
                    found.append(last)
                was = loud
    return found, last


def apart(one: list[float], other: list[float]) -> list[float]:
    """How far each of `one` is from its nearest of `other`."""
    return [min((b - a for b in other), key=abs) for a in one]


async def test_a_killed_server_leaves_a_recording_in_step(
    server: Callable[..., Any], arrive: Arrive, test_results: Path
) -> None:
    here = server(WAGU_SNAPSHOTS="2", WAGU_HLS="off")
    host = await arrive(here, "지민")
    await host.become_member()
    made = await host.api("POST", "/api/lives", {"title": "딱따기", "record": True})
    live = made["live"]["id"]
    assert made["live"]["recorded"]
    ticket = await host.api("POST", f"/api/lives/{live}/tickets", {"role": "publish"})
    await host.open("/api/docs")  # a page of ours that has nothing to do with lives
    await host.page.evaluate(f"() => {{ {CLAPPER.read_text()} }}")
    await host.page.evaluate("([url, token]) => clap(url, token)", [ticket["url"], ticket["token"]])
    await eventually(lambda: _shown(host, live), "a picture of what is shown", within=45)
    begun = await host.page.evaluate("claps()")
    await eventually(lambda: _claps(host, begun + 8), "eight claps", within=60)

    pid = here.process.pid
    writers = children(pid)
    assert writers
    for each in (*writers, pid):  # the writer first, or it would finish its file
        os.kill(each, signal.SIGKILL)
    await asyncio.to_thread(here.process.wait)
    (file,) = (here.data_dir / "recordings" / live).iterdir()
    shown, last_picture = await asyncio.to_thread(flashes, file)
    heard, last_sound = await asyncio.to_thread(tones, file)
    gaps = apart(shown, heard)
    print(f"figure: recorded {last_picture:.2f} s, {len(shown)} claps")
    print(f"figure: sound after picture, median {median(gaps) * 1000:.0f} ms")
    print(f"figure: sound after picture, worst {max(gaps, key=abs) * 1000:.0f} ms")
    assert len(shown) >= 5
    assert abs(median(gaps)) < IN_STEP
    assert abs(last_picture - last_sound) < 1.5

    await asyncio.to_thread(here.start)
    await eventually(lambda: _kept(host, live), "the recording is served", within=30)
    (kept,) = (await host.api("GET", f"/api/lives/{live}/recordings"))["recordings"]
    assert not file.exists()
    answer = await host.page.request.get(here.url + kept["url"], headers={"Range": "bytes=0-3"})
    assert answer.status == 206
    assert await answer.body() == b"\x1a\x45\xdf\xa3"  # how every WebM begins
    await host.api("DELETE", f"/api/lives/{live}")
    await its_page_plays_it(await arrive(here, "누구", PHONE), live, test_results)


async def its_page_plays_it(anybody: Visitor, live: str, test_results: Path) -> None:
    await anybody.open(f"/live/{live}")
    over = anybody.page.get_by_test_id("live-ended")
    await expect(over.get_by_role("heading", name="딱따기")).to_be_visible()
    video = over.locator("video")
    await video.evaluate("video => { video.muted = true; return video.play(); }")

    async def beyond_the_middle() -> bool:
        return bool(await video.evaluate("video => video.currentTime > 4 && video.videoWidth > 0"))

    await eventually(beyond_the_middle, "more than half of it is played", within=30)
    await take(anybody, test_results, "live-recorded-phone")


async def _claps(host: Any, least: int) -> bool:
    return bool(await host.page.evaluate("claps()") >= least)


async def _shown(host: Any, live: str) -> str | None:
    found = await host.api("GET", f"/api/lives/{live}")
    address: str | None = found["live"]["snapshot"]
    return address


async def _kept(host: Any, live: str) -> list[Any]:
    found = await host.api("GET", f"/api/lives/{live}/recordings")
    kept: list[Any] = found["recordings"]
    return kept
