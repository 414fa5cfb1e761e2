"""Going live in one browser, watching in two others; and those who may not publish."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from tests.browser.pages.live import Studio, Watch
from tests.browser.pages.parties import Arrive
from tests.browser.pages.pictures import take
from tests.browser.pages.visitor import PHONE, Visitor
from tests.browser.pages.words import ko
from tests.clients.waiting import allowed, assert_within, eventually
from tests.faults.screen import Screen

pytestmark = pytest.mark.browser

HOST, FAN, STRANGER = "지민", "하늘", "바다"
PICTURE_WITHIN = 2.0  # seconds from the press on the card or the pin's link, or on the link itself
PICTURE_BACK = 3.0  # seconds that a picture may stand still when its host reloads
CALM_FOR, CALM = 3.0, 0.25  # seconds; no longer between two frames of them
TITLE, NOODLES = "을지로 노포에서 냉면", "을지면옥"

PUBLISH = """
async ({path, token}) => {
  const pc = new RTCPeerConnection();
  pc.addTransceiver('audio', {direction: 'sendonly'});
  await pc.setLocalDescription();
  const headers = {'Content-Type': 'application/sdp', Authorization: `Bearer ${token}`};
  const answer = await fetch(path, {method: 'POST', headers, body: pc.localDescription.sdp});
  pc.close();
  return answer.status;
}
"""


async def on_air(
    arrive: Arrive, server: Any, *, recorded: bool = False, camera: tuple[int, int] | None = None
) -> tuple[Studio, str]:
    """A host who is live from a known place, and the path of the live."""
    host = await arrive(server, HOST)
    if camera is not None:
        await host.has_camera(*camera)
    await host.become_member()
    await host.add_place(NOODLES, 37.5662, 126.9915, "한식")
    studio = Studio(host)
    await studio.prepare(TITLE, NOODLES)
    if recorded:
        await studio.page.get_by_role("switch", name=ko("golive.record")).check()
    return studio, await studio.go_live()


async def test_one_goes_live_and_two_watch(server: Callable[..., Any], arrive: Arrive) -> None:
    here = server()
    studio, path = await on_air(arrive, here, recorded=True)
    camera = await studio.camera()
    assert camera[0] >= 640

    fan, stranger = Watch(await arrive(here, FAN)), Watch(await arrive(here, STRANGER, PHONE))
    await fan.visitor.become_guest()
    await fan.from_live_tab(HOST, TITLE)
    await stranger.by_link(path)

    for viewer in (fan, stranger):
        await viewer.sees_picture()
        await viewer.hears_sound()
    await studio.sends_layers("l", "m", "h")
    for viewer in (fan, stranger):
        await viewer.sees_picture(camera)

    for each in (studio, fan, stranger):
        await expect(each.screen).to_contain_text(ko("live.recorded"))
    await asyncio.gather(*(each.counts_viewers(2) for each in (studio, fan, stranger)))
    await they_chat(studio, fan, stranger)
    await studio.end()
    await studio.is_told_it_ended(mine=True)
    await asyncio.gather(fan.is_told_it_ended(), stranger.is_told_it_ended())


async def test_a_viewer_sees_the_picture_at_once(
    server: Callable[..., Any], arrive_apart: Arrive
) -> None:
    """Once each way, in a browser that was never here: nothing is cached, of no page. The host, who
    has a computer of their own elsewhere, sends what leaves this one time for the viewer."""
    here, yardstick = server(), server()
    studio, path = await on_air(arrive_apart, here, camera=(640, 360))
    for way in (by_the_link, from_the_live_tab, from_the_pin):
        fan = Watch(await arrive_apart(here, FAN, PHONE))
        start = await asyncio.to_thread(yardstick.start_whole)
        took = await way(fan, path)
        what = f"first picture {way.__name__.replace('_', ' ')}, server starts in {start:.2f} s"
        assert_within(allowed(PICTURE_WITHIN, start), took, what)
        await fan.visitor.context.close()
    await studio.is_in("on_air")


async def by_the_link(fan: Watch, path: str) -> float:
    await fan.by_link(path)
    return await fan.first_picture_after()


async def from_the_live_tab(fan: Watch, _path: str) -> float:
    await fan.from_live_tab(HOST, TITLE)
    return await fan.first_picture_after(press=True)


async def from_the_pin(fan: Watch, _path: str) -> float:
    await fan.visitor.open("/map")
    await fan.page.get_by_test_id("pin-live").click()
    await fan.page.get_by_role("link", name=ko("explore.watch")).click()
    return await fan.first_picture_after(press=True)


async def they_chat(studio: Studio, fan: Watch, stranger: Watch) -> None:
    """Anyone may watch; who wants to write gives a name first."""
    await studio.say("육수가 정말 시원해요")
    await stranger.enter_name()
    await stranger.say("맛있겠다")
    await fan.say("나도 갈래")
    for each in (studio, fan, stranger):
        await each.hears("육수가 정말 시원해요", by=HOST)
        await each.hears("맛있겠다", by=STRANGER)
        await each.hears("나도 갈래", by=FAN)


async def flows_calmly(screen: Screen) -> bool:
    """The machine has time for what is to be measured."""
    now = await screen.now()
    return (await screen.shown()).while_shown(now - CALM_FOR, now).longest_freeze < CALM


async def test_viewers_see_on_when_the_host_reloads(
    server: Callable[..., Any], arrive: Arrive
) -> None:
    """Nobody touches anything, and no viewer negotiates anew. There is one attempt."""
    here, yardstick = server(), server()
    studio, path = await on_air(arrive, here, camera=(640, 360))
    viewers = [Watch(await arrive(here, FAN)), Watch(await arrive(here, STRANGER, PHONE))]
    screens = [Screen(each.visitor) for each in viewers]
    for viewer, screen in zip(viewers, screens, strict=True):
        await viewer.by_link(path)
        await viewer.sees_picture()
        await screen.record()
    for screen in screens:
        await eventually(functools.partial(flows_calmly, screen), "a calm machine", within=60)
    start = await asyncio.to_thread(yardstick.start_whole)

    begun = [await screen.now() for screen in screens]
    await studio.page.reload(wait_until="commit")
    await studio.is_in("on_air")
    for viewer in viewers:
        # Twice: what comes first may still be of the page that went.
        await viewer.sees_picture()
        await viewer.sees_picture()
    for viewer, screen, begin in zip(viewers, screens, begun, strict=True):
        shown = (await screen.shown()).while_shown(begin, await screen.now())
        what = f"{viewer.visitor.name} sees a still picture while the host reloads"
        assert_within(allowed(PICTURE_BACK, start), shown.longest_freeze, what)
        assert await viewer.page.evaluate("peers.length") == 1
        await viewer.hears_sound()


async def test_only_the_host_publishes(server: Callable[..., Any], arrive: Arrive) -> None:
    here = server()
    studio, path = await on_air(arrive, here)
    live = path.removeprefix("/live/")
    member, viewer = await arrive(here, FAN), Watch(await arrive(here, STRANGER))
    for each in (member, viewer.visitor):
        each.troubles.expect(rf"40[13] POST \S*/whip/{live}", r"status of 40[13] .*/whip/")
    await member.become_member()
    await member.open("/")
    await viewer.by_link(path)
    await viewer.sees_picture()

    refused = await member.answer("POST", f"/api/lives/{live}/tickets", {"role": "publish"})
    assert refused.status == 403
    assert (await refused.json())["error"]["code"] == "live.not_host"
    for someone in (member, viewer.visitor):
        ticket = await someone.api("POST", f"/api/lives/{live}/tickets", {"role": "watch"})
        assert await publish(someone, live, ticket["token"]) == 403
        assert await publish(someone, live, "no ticket at all") == 401
    assert (await member.answer("DELETE", f"/api/lives/{live}")).status == 403

    await viewer.sees_picture()
    await studio.is_in("on_air")


async def publish(visitor: Visitor, live: str, token: str) -> int:
    status = await visitor.page.evaluate(PUBLISH, {"path": f"/whip/{live}", "token": token})
    return int(status)


LOADED = "(image) => image.complete && image.naturalWidth > 100"


async def is_loaded(picture: Locator, what: str) -> dict[str, float]:
    """Where it stands."""
    await expect(picture).to_be_visible()
    await eventually(lambda: picture.evaluate(LOADED), what)
    box = await picture.bounding_box()
    assert box is not None
    return dict(box)


async def test_a_live_has_its_pin_on_the_map(
    server: Callable[..., Any], arrive: Arrive, test_results: Path
) -> None:
    """And what it shows is on the pin, and in the card."""
    here = server(WAGU_SNAPSHOTS="2")
    studio, path = await on_air(arrive, here, camera=(640, 360))
    fan = Watch(await arrive(here, FAN, PHONE))

    async def snapshot() -> Any:
        live = await studio.visitor.api("GET", f"/api{path.replace('/live/', '/lives/')}")
        return live["live"]["snapshot"]

    await eventually(snapshot, "a picture of the live", within=45)
    await fan.visitor.open("/map")
    pin = fan.page.get_by_test_id("pin-live")
    await expect(pin).to_have_accessible_name(f"{NOODLES}, {ko('explore.lives', n=1)}")
    shown = await is_loaded(pin.locator("img"), "the pin shows the live")
    assert 30 < shown["width"] == shown["height"] < 50, "round, within the pin"
    await take(fan.visitor, test_results, "map-live-pin-phone")
    await pin.click()
    card = fan.page.get_by_test_id("explore-place")
    await is_loaded(card.get_by_test_id("snapshot"), "the card shows the live")
    await take(fan.visitor, test_results, "map-live-card-phone")
    await fan.page.get_by_role("link", name=ko("explore.watch")).click()
    await expect(fan.page).to_have_url(here.url + path)
    await fan.sees_picture()
    await expect(fan.screen).to_contain_text(NOODLES)
