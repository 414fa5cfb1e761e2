"""Chromium and Firefox in one voice room, and in lives of each other.

Firefox gathers no loopback candidate and no candidate at all without a default route, so it sits in
a place of the lab, on a link that nothing is wrong with.
"""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.pages.hls import WatchByHls
from tests.browser.pages.live import Watch
from tests.browser.pages.room import Room
from tests.browser.pages.voice import INBOUND, Voice
from tests.browser.pages.words import ko
from tests.clients.waiting import eventually
from tests.faults.conftest import Lab, figure, go_live

pytestmark = pytest.mark.faults


async def test_firefox_and_chromium_hear_each_other(lab: Lab) -> None:
    here = await lab.serve()
    ann, bo = await lab.arrive(here, "지민"), await lab.arrive_in_firefox(here, "하늘")
    await ann.become_member()
    link = await ann.create_share_map("점심")
    voices = [Voice(await Room.enter(each, link)) for each in (ann, bo)]
    for voice in voices:
        await voice.join()
    for voice in voices:
        await hears_the_other(voice)


@pytest.mark.parametrize("host", ["Firefox", "Chromium"])
async def test_a_live_of_one_is_watched_in_the_other(lab: Lab, host: str) -> None:
    """Without HLS, for which hosts send H.264: Firefox has that from a plug-in it fetches."""
    here = await lab.serve(WAGU_HLS="off")
    ann, bo = await lab.arrive(here, "지민"), await lab.arrive_in_firefox(here, "하늘")
    on_air, viewer = (bo, ann) if host == "Firefox" else (ann, bo)
    path = await go_live(on_air)
    watch = Watch(viewer)
    await watch.by_link(path)
    await watch.sees_picture()
    await watch.hears_sound()
    await watch.enter_name()
    await watch.say("맛있어 보여요")
    await Watch(on_air).hears("맛있어 보여요", by=viewer.name)


CODEC = """
async () => {
  const [stream] = (await peerStats('outbound-rtp')).filter(({kind}) => kind === 'video');
  const codecs = await peerStats('codec');
  return codecs.find(({id}) => id === stream.codecId).mimeType;
}
"""


async def test_a_live_of_firefox_is_watched_over_webrtc(lab: Lab) -> None:
    """As it comes, with HLS: without its H.264 plug-in Firefox sends VP8, which HLS does not have
    and every browser watches over WebRTC."""
    here = await lab.serve()
    firefox, chromium = await lab.arrive_in_firefox(here, "하늘"), await lab.arrive(here, "지민")
    path = await go_live(firefox)
    watch = Watch(chromium)
    await watch.by_link(path)
    await watch.sees_picture()
    await watch.hears_sound()
    assert await firefox.page.evaluate(CODEC) == "video/VP8"


DECODES = "MediaSource.isTypeSupported('video/mp4; codecs=\"avc1.42E01F\"')"


async def test_firefox_watches_a_live_of_chromium_by_hls(lab: Lab) -> None:
    """As it comes, with HLS: the host sends H.264, which this Firefox does not decode over WebRTC.
    It does in a video element where FFmpeg's libraries are installed; else it says so plainly."""
    here = await lab.serve()
    chromium, firefox = await lab.arrive(here, "지민"), await lab.arrive_in_firefox(here, "하늘")
    await chromium.has_camera(640, 360)
    path = await go_live(chromium)
    assert await chromium.page.evaluate(CODEC) == "video/H264"
    watch = WatchByHls(firefox)
    await watch.by_link(path)
    decodes = await firefox.page.evaluate(DECODES)
    figure("Firefox decodes H.264 in a video element", int(decodes))
    if decodes:
        await watch.plays()
    else:
        await expect(watch.screen).to_contain_text(ko("error.media.codec_unsupported"))
    connected = "peers.filter(({connectionState}) => connectionState === 'connected').length"
    assert await firefox.page.evaluate(connected) == 0, "without WebRTC"
    await watch.enter_name()
    await watch.say("여기서도 들려요")
    await Watch(chromium).hears("여기서도 들려요", by=firefox.name)


async def hears_the_other(voice: Voice) -> None:
    """More packets than before, on one slot, and more energy."""
    before = {mid: (packets, energy) for mid, packets, energy in await voice.page.evaluate(INBOUND)}

    async def more() -> bool:
        now = await voice.page.evaluate(INBOUND)
        grown = [
            mid
            for mid, packets, energy in now
            if packets > before.get(mid, (0, 0))[0] + 20 and energy > before.get(mid, (0, 0))[1]
        ]
        return len(grown) == 1

    await eventually(more, f"{voice.room.visitor.name} hears the other")
