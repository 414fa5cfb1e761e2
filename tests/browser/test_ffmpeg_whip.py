"""FFmpeg publishes by WHIP, a browser watches: one negotiation for both, not two."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser import whip_publisher
from tests.browser.pages.live import Watch
from tests.browser.pages.parties import Arrive
from tests.browser.pages.visitor import PHONE

pytestmark = pytest.mark.browser

SIZE = (whip_publisher.WIDTH, whip_publisher.HEIGHT)


@contextlib.contextmanager
def publishing(url: str, ticket: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """FFmpeg's muxer in a process of its own; what it says is shown when the test fails."""
    program = [sys.executable, "-u", whip_publisher.__file__, url, ticket, str(folder)]
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


async def test_ffmpeg_publishes_and_a_browser_watches(
    server: Callable[..., Any], arrive: Arrive, tmp_path: Path
) -> None:
    here = server()
    host, fan = await arrive(here, "지민"), Watch(await arrive(here, "하늘", PHONE))
    await host.become_member()
    made = await host.api("POST", "/api/lives", {"title": "카메라 대신 FFmpeg"})
    live = made["live"]["id"]
    ticket = await host.api("POST", f"/api/lives/{live}/tickets", {"role": "publish"})

    with publishing(here.url + ticket["url"], ticket["token"], tmp_path) as ffmpeg:
        fan.waits_for_a_host()
        await fan.by_link(f"/live/{live}")
        await fan.is_in("on_air")
        await fan.sees_picture(SIZE)
        await fan.hears_sound()
        assert ffmpeg.poll() is None
        ffmpeg.terminate()
        await asyncio.to_thread(ffmpeg.wait, 10)
        await fan.is_in("interrupted")

    assert (await host.answer("DELETE", f"/api/lives/{live}")).status == 204
    await fan.is_told_it_ended()
