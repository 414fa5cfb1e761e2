"""Pictures of the product on a phone and a desktop, in Korean, for test-results/pictures/.

`scripts/pictures` takes them anew for the README. Each scene is a test of its own, and fails like
any other: what cannot be reached cannot be shown.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, expect
from yarl import URL

from tests.browser.pages import noodles
from tests.browser.pages.live import LiveChat, Studio, Watch
from tests.browser.pages.parties import HOST, SEA, SKY, Arrive, Conversation
from tests.browser.pages.room import Room
from tests.browser.pages.visitor import DESKTOP, PHONE, Visitor
from tests.browser.pages.words import ko
from tests.clients.guest import Guest
from tests.clients.waiting import eventually

pytestmark = pytest.mark.browser

CENTER = (37.5660, 126.9905)
PLACES = {
    "을지로 냉면": (*CENTER, "한식"),
    "충무로 숯불집": (37.5622, 126.9931, "한식"),
    "골목 커피": (37.5693, 126.9937, "카페"),
}
TITLE = "을지로 냉면 한 그릇"

UPRIGHT = """
// A phone that is held upright gives upright pictures; a fake camera crops them instead.
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = (wanted) => open({...wanted, video: true});
"""

Take = Callable[[Visitor, str], Awaitable[None]]


@pytest.fixture
async def chromium(chromium: dict[str, Any], tmp_path: Path) -> dict[str, Any]:
    """With a bowl of noodles before the camera."""
    film, file = await noodles.film(chromium), tmp_path / "noodles.mjpeg"
    await asyncio.to_thread(file.write_bytes, film)
    return chromium | {"args": [*chromium["args"], f"--use-file-for-fake-video-capture={file}"]}


@pytest.fixture
def take(test_results: Path) -> Take:
    """A picture of what a visitor sees, once the fonts are there and nothing pops up."""
    folder = test_results / "pictures"
    folder.mkdir(exist_ok=True)

    async def take(visitor: Visitor, name: str) -> None:
        page = visitor.page
        await page.evaluate("document.fonts.ready")
        await expect(page.locator(".toast, .spinner")).to_have_count(0)
        await page.screenshot(path=folder / f"{name}.png")

    return take


def near_city_hall(server: Callable[..., Any]) -> Any:
    return server(WAGU_MAP_CENTER=f"{CENTER[0]},{CENTER[1]}", WAGU_MAP_ZOOM="15")


async def friends_at_the_map(arrive: Arrive, server: Any) -> tuple[Room, Room, Room]:
    """A desktop, a phone, a desktop; a nominee of each, a conversation, some chat."""
    visitors = [
        await arrive(server, name, device)
        for name, device in ((HOST, DESKTOP), (SKY, PHONE), (SEA, DESKTOP))
    ]
    host, sky, sea = visitors
    await host.become_member()
    link = await host.create_share_map("금요일 저녁, 을지로")
    for guest in (sky, sea):
        await guest.become_guest()
    for visitor, (name, (lat, lng, category)) in zip(visitors, PLACES.items(), strict=True):
        place = await host.add_place(name, lat, lng, category)
        await nominate(visitor, link, place)
    at_host, at_sky, at_sea = [await Room.enter(each, link) for each in visitors]
    await Conversation.among(at_host, at_sky, at_sea)
    for room, line in (
        (at_sea, "냉면 어때? 오늘 덥다"),
        (at_host, "좋아, 거기 육수 최고지"),
        (at_sky, "나는 2차 커피까지!"),
    ):
        await room.say(line)
        await room.hears(line, by=room.visitor.name)
    return at_host, at_sky, at_sea


async def nominate(visitor: Visitor, link: str, place: dict[str, Any]) -> None:
    """By another socket of the same person, so that no map moves."""
    person = Guest(visitor.url, visitor.name)
    for cookie in await visitor.context.cookies():
        person.http.cookie_jar.update_cookies({cookie["name"]: cookie["value"]}, URL(visitor.url))
    await person.join(link.removeprefix(f"{visitor.url}/"))
    asked = {key: place[key] for key in ("name", "at", "category")}
    await person.ask("ballot", type="nominate", place_id=place["id"], **asked)
    await person.send(type="leave")
    await person.close()


async def test_the_map_and_the_vote(server: Callable[..., Any], arrive: Arrive, take: Take) -> None:
    host, sky, sea = await friends_at_the_map(arrive, near_city_hall(server))
    await sky.show_map()
    await host.point_at(220, 330)
    await sea.point_at(250, 540)
    await sky.page.mouse.move(305, 405)
    for room, others in ((host, (SKY, SEA)), (sky, (HOST, SEA))):
        for name in others:
            await room.sees_pointer(name)
    await take(host.visitor, "map-desktop")
    await take(sky.visitor, "map-phone")

    await host.vote("을지로 냉면")
    await sea.vote("을지로 냉면", "골목 커피")
    await sky.vote("을지로 냉면", "골목 커피")
    await sea.done()
    await expect(sky.progress).to_contain_text(ko("map.done_count", all=3, n=1))
    await sky.pull_panel_up()
    await take(sky.visitor, "vote-phone")
    await take(host.visitor, "vote-desktop")
    await sky.show_map()
    await sky.show("chat")
    await take(sky.visitor, "chat-phone")

    await sky.done()
    await host.done()
    for room, device in ((sky, "phone"), (host, "desktop")):
        await room.sees_result()
        await take(room.visitor, f"result-{device}")


async def test_a_live_from_both_sides(
    server: Callable[..., Any], arrive: Arrive, take: Take
) -> None:
    here = near_city_hall(server)
    host = await arrive(here, HOST, PHONE)
    await host.become_member()
    for name, (lat, lng, category) in PLACES.items():
        await host.add_place(name, lat, lng, category)
    await host.context.add_init_script(UPRIGHT)
    studio = Studio(host)
    await studio.prepare(TITLE, "을지로 냉면")
    await take(host, "live-new-phone")
    path = await studio.go_live()
    fans = [
        Watch(await arrive(here, name, device))
        for name, device in ((SKY, PHONE), (SEA, DESKTOP), ("유나", DESKTOP))
    ]
    for fan in fans:
        await fan.visitor.become_guest()
        await fan.by_link(path)
        await fan.sees_picture()
    lines: list[tuple[LiveChat, str]] = [
        (fans[0], "와 살얼음!"),
        (studio, "육수가 정말 시원해요"),
        (fans[1], "거기 줄 길어요?"),
        (studio, "지금 오면 바로 앉아요"),
        (fans[2], "나도 갈래"),
    ]
    for chat, line in lines:
        await chat.say(line)
        for each in (studio, *fans):
            await each.hears(line, by=chat.visitor.name)
    await eventually(lambda: is_sharp(fans[0]), "the top layer at the phone")
    await eventually(lambda: is_sharp(fans[1]), "the top layer at the desktop")
    for each in (studio, *fans[:2]):
        await each.counts_viewers(3)
    await take(fans[0].visitor, "live-phone")
    await take(fans[1].visitor, "live-desktop")
    await take(host, "live-host-phone")

    at_home = fans[2].visitor
    for page, name in (("/", "home"), ("/live", "lives"), ("/map", "explore")):
        await at_home.open(page)
        await expect(at_home.page.get_by_text(HOST).or_(live_pin(at_home)).first).to_be_visible()
        await take(at_home, f"{name}-desktop")


async def is_sharp(fan: Watch) -> bool:
    return (await fan.seen()).height >= noodles.HEIGHT / 2


def live_pin(visitor: Visitor) -> Locator:
    return visitor.page.get_by_test_id("pin-live")


async def test_the_doors(server: Callable[..., Any], arrive: Arrive, take: Take) -> None:
    here = near_city_hall(server)
    host = await arrive(here, HOST)
    await host.become_member()
    link = await host.create_share_map("금요일 저녁, 을지로")
    for device, size in (("phone", PHONE), ("desktop", DESKTOP)):
        visitor = await arrive(here, SKY, size)
        pages = {"home": "/", "login": "/login", "signup": "/signup", "vote-tab": "/vote"}
        pages |= {"lives-none": "/live", "explore-none": "/map", "me": "/me", "gate": link}
        for name, path in pages.items():
            await visitor.open(path)
            await expect(visitor.page.get_by_role("main").locator("h1").first).to_be_attached()
            await take(visitor, f"{name}-{device}" if name != "home" else f"home-new-{device}")
    await asyncio.gather(host.open("/"))
    await take(host, "home-member-desktop")
