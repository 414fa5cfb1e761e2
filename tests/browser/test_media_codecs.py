"""Every video codec of Chromium through the SFU, its layers, and who cannot decode it."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest
from playwright.async_api import Error, Page

from media.events import LayersWanted
from tests.browser.test_media_chromium import Studio, inbound, sees, studio, until

__all__ = ["studio"]

pytestmark = pytest.mark.browser

SIZE = (640, 360)


def options(codec: str, **more: Any) -> str:
    return json.dumps({"codecs": [codec], "width": SIZE[0], "height": SIZE[1], **more})


def simulcast(mode: str) -> list[dict[str, Any]]:
    return [
        {"rid": "l", "scaleResolutionDownBy": 2, "maxBitrate": 150_000, "scalabilityMode": mode},
        {"rid": "h", "maxBitrate": 800_000, "scalabilityMode": mode},
    ]


async def layers_sent(page: Page) -> dict[str, int]:
    figures = await page.evaluate("figures()")
    video = [each for each in figures if each["type"] == "outbound-rtp" and each["kind"] == "video"]
    return {each["rid"]: each["framesSent"] for each in video}


@pytest.mark.parametrize("codec", ["vp8", "vp9", "h264", "av1"])
async def test_a_codec_is_watched_from_its_next_keyframe_on(studio: Studio, codec: str) -> None:
    host = await studio.page()
    single = options(codec, sendEncodings=[{"maxBitrate": 600_000}])
    await host.evaluate(f"publish('live', 'host', {single})")
    for name in ("first", "late"):
        viewer = await studio.page()
        await viewer.evaluate(f"watch('live', '{name}')")
        await sees(viewer, SIZE, frames=30)
        (video,) = await inbound(viewer, "video")
        assert video["packetsLost"] == 0


@pytest.mark.parametrize(("codec", "mode"), [("vp9", "L1T2"), ("av1", "L1T2"), ("h264", "L1T1")])
async def test_simulcast_in_a_codec(studio: Studio, codec: str, mode: str) -> None:
    host, viewer = await studio.page(), await studio.page()
    await host.evaluate(f"publish('live', 'host', {options(codec, sendEncodings=simulcast(mode))})")
    await viewer.evaluate("watch('live', 'viewer')")
    await sees(viewer, SIZE, frames=30)
    peer = studio.sfu._rooms["live"].peers["viewer"]
    (stream,) = [each for each in peer.subscriptions.values() if each.is_video]
    assert stream.publication is not None
    low = stream.publication.encodings["l"]
    stream.limit = low.height or 180
    await sees(viewer, (320, 180), frames=20)
    stream.limit = None
    await sees(viewer, SIZE, frames=20)
    (video,) = await inbound(viewer, "video")
    assert video["packetsLost"] == 0


async def shown_of_sent(host: Page, viewer: Page) -> float:
    """The share of the publisher's frames that a viewer decodes, however busy the machine is."""
    (before,), sent_before = await inbound(viewer, "video"), await layers_sent(host)
    await asyncio.sleep(3.0)
    (after,), sent = await inbound(viewer, "video"), await layers_sent(host)
    made = sum(sent.values()) - sum(sent_before.values())
    share = (after["framesDecoded"] - before["framesDecoded"]) / max(made, 1)
    print(f"figure: {share:.2f} of {made} frames")
    return share


@pytest.mark.parametrize(("codec", "mode"), [("vp8", "L1T2"), ("vp9", "L1T2"), ("av1", "L1T2")])
async def test_half_the_frames_are_a_whole_stream(
    studio: Studio, codec: str, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its upper temporal layer a picture goes on; nothing is asked for again."""
    host, viewer = await studio.page(), await studio.page()
    single = [{"maxBitrate": 600_000, "scalabilityMode": mode}]
    await host.evaluate(f"publish('live', 'host', {options(codec, sendEncodings=single)})")
    await viewer.evaluate("watch('live', 'viewer')")
    await sees(viewer, SIZE, frames=30)
    peer = studio.sfu._rooms["live"].peers["viewer"]
    (stream,) = [each for each in peer.subscriptions.values() if each.is_video]
    assert stream.encoding is not None
    assert stream.encoding.rates.top == 1
    viewing = peer._feedback.viewing
    viewing.bandwidth.estimate = 10e6  # without a limit there is nothing to choose
    monkeypatch.setattr(type(viewing), "_choose", lambda *_: [0])
    await asyncio.sleep(1.0)

    (before,) = await inbound(viewer, "video")
    half = await shown_of_sent(host, viewer)
    (after,) = await inbound(viewer, "video")
    for trouble in ("packetsLost", "nackCount", "pliCount"):
        assert after[trouble] == before[trouble], trouble
    assert 0.3 < half < 0.7
    monkeypatch.undo()

    async def whole() -> bool:
        return await shown_of_sent(host, viewer) > 0.8

    await until(whole, "all frames again")


async def test_a_viewer_without_the_codec_is_told_so(studio: Studio) -> None:
    host, viewer = await studio.page(), await studio.page()
    single = options("av1", sendEncodings=[{}])
    await host.evaluate(f"publish('live', 'host', {single})")
    with pytest.raises(Error, match=r"media\.codec_unsupported"):
        await viewer.evaluate("watch('live', 'viewer', { codecs: ['vp8'] })")


async def test_layers_nobody_watches_are_paused_and_come_back(studio: Studio) -> None:
    host = await studio.page()

    def wanted() -> tuple[str, ...]:
        told = studio.told(LayersWanted)
        return tuple(told[-1].rids) if told else ("l", "h")

    await host.evaluate(
        f"publish('live', 'host', {options('vp8', sendEncodings=simulcast('L1T2'))})"
    )

    async def flows() -> bool:
        sent = await layers_sent(host)
        return len(sent) == 2 and all(sent.values())

    await until(flows, "both layers are sent")

    async def only_low() -> bool:
        return wanted() == ("l",)

    await until(only_low, "the top layer is not wanted")
    await host.evaluate("sendLayers(['l'])")
    await asyncio.sleep(1.0)
    paused = await layers_sent(host)
    await asyncio.sleep(1.0)
    later = await layers_sent(host)
    assert later["h"] == paused["h"]
    assert later["l"] > paused["l"]

    viewer = await studio.page()
    await viewer.evaluate("watch('live', 'viewer')")

    async def both() -> bool:
        return wanted() == ("l", "h")

    await until(both, "the top layer is wanted again")
    began = time.monotonic()
    await host.evaluate("sendLayers(['l', 'h'])")
    await sees(viewer, SIZE, frames=5)
    print(f"figure: top layer back {time.monotonic() - began:.2f} s")
