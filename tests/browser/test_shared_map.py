"""Three browsers in one shared map: from the first sign-up to the host who closes it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.pages.account import log_out, sign_up
from tests.browser.pages.map_lists import create_share_map
from tests.browser.pages.parties import (
    HOST,
    NOODLES,
    PORK,
    SEA,
    SKY,
    Arrive,
    Conversation,
    three_friends,
)
from tests.browser.pages.room import Room
from tests.browser.pages.visitor import PHONE, Visitor
from tests.browser.pages.words import ko
from tests.clients.waiting import eventually

pytestmark = pytest.mark.browser

CAFE = "골목 카페"
CLOSE = 4 / 2**13  # of the world's 256 pixels: four on a map of zoom 13


async def test_a_link_brings_friends_together(server: Callable[..., Any], arrive: Arrive) -> None:
    here = server()
    host, sky, sea = [await arrive(here, name) for name in (HOST, SKY)] + [
        await arrive(here, SEA, PHONE)
    ]
    await first_admin(host, here.log)
    await log_out(host)
    await sign_up(host, "jimin")
    link = await create_share_map(host, "금요일 저녁")
    assert re.fullmatch(rf"{here.url}/map/[\w-]{{22}}", link), "128 bits nobody guesses"

    home = Room(host)
    await home.is_in()
    guests = await asyncio.gather(Room.enter(sky, link), Room.enter(sea, link))

    await home.sees(SKY, SEA)
    await guests[0].sees(HOST, SEA)
    await guests[1].sees(HOST, SKY)
    await expect(home.page).to_have_title(re.compile("금요일 저녁"))

    await sea_and_sky_chat(home, *guests)

    await home.end_map()
    for guest in guests:
        await guest.is_told_it_ended()
    await expect(home.page).to_have_url(re.compile(r"/vote$"))


async def first_admin(visitor: Visitor, log: str) -> None:
    """The link in the log makes one administrator, once."""
    found = re.search(r"/setup/[\w-]+", log)
    assert found, "a new server offers a set-up link"
    await sign_up(visitor, "admin", at=found[0])
    await visitor.open("/me")
    await expect(visitor.page.get_by_text(ko("me.admin"), exact=True)).to_be_visible()
    await visitor.open(found[0])
    await expect(visitor.page.get_by_text(ko("auth.setup_invalid"))).to_be_visible()


async def sea_and_sky_chat(host: Room, sky: Room, sea: Room) -> None:
    await sky.say("여기 어때?")
    for each in (host, sky, sea):
        await each.hears("여기 어때?", by=SKY)
    await sea.say("좋아! 냉면 먹자")
    for each in (host, sky, sea):
        await each.hears("좋아! 냉면 먹자", by=SEA)


async def test_friends_see_where_each_other_points_and_looks(
    server: Callable[..., Any], arrive: Arrive
) -> None:
    host, sky, sea = await three_friends(arrive, server())

    await everyone_sees_every_pointer(host, sky, sea)

    await sky.follow(HOST)
    await eventually(lambda: looks_alike(sky, host), f"{SKY} looks where {HOST} looks")
    await host.point_at(300, 400)
    await sky.sees_pointer(HOST, at=(300, 400))
    await host.point_at(520, 330)
    await sky.sees_pointer(HOST, at=(520, 330))

    await host.drag_map(-240, 90)
    await eventually(lambda: looks_alike(sky, host), f"{SKY} went along with {HOST}")
    await sky.unfollow(HOST)
    stayed = sky.view
    await host.drag_map(150, 0)
    await eventually(lambda: sees_view_of(sky, host), f"{SKY} was told where {HOST} went")
    assert sky.view == stayed, "who let go stays"


async def everyone_sees_every_pointer(host: Room, sky: Room, sea: Room) -> None:
    """Two move the mouse, the one on a phone touches the map."""
    await host.point_at(300, 400)
    await sky.point_at(420, 250)
    await sea.touch(180, 300)
    pointers = ((host, (SKY, SEA)), (sky, (HOST, SEA)), (sea, (HOST, SKY)))
    await asyncio.gather(*(room.sees_pointer(name) for room, names in pointers for name in names))


async def looks_alike(one: Room, other: Room) -> bool:
    """To within three pixels, and at the same zoom."""
    (lat, lng, zoom), (other_lat, other_lng, other_zoom) = one.view, other.view
    degrees = 3 * 360 / (256 * 2**zoom)
    return abs(lat - other_lat) + abs(lng - other_lng) < degrees and zoom == other_zoom


async def sees_view_of(one: Room, other: Room) -> bool:
    told = one.visitor.wire.heard["presence"]["people"]
    return any(look.get("view") == other.view for look in told.values())


async def test_friends_hear_each_other(server: Callable[..., Any], arrive: Arrive) -> None:
    rooms = await three_friends(arrive, server())
    talk = await Conversation.among(*rooms)
    host, sky, sea = talk.voices

    await host.sees_speaking(SKY)
    await sky.sees_speaking(SEA)
    await sea.sees_speaking(HOST)

    await sky.mute()
    await asyncio.gather(host.sees_muted(SKY), sea.sees_muted(SKY))
    await host.is_silent_from(talk.ids[1])
    await host.keeps_hearing(talk.ids[2])
    await sky.unmute()
    await talk.goes_on()
    await host.sees_speaking(SKY)


async def test_friends_vote_and_see_one_result(server: Callable[..., Any], arrive: Arrive) -> None:
    host, sky, sea = rooms = await three_friends(arrive, server())

    await host.nominate_known(NOODLES, typed="을지")
    await sky.nominate_known(PORK, typed="돼지")
    await sea.nominate_spot(CAFE, 180, 260, "카페")
    for room in rooms:
        await room.sees_nominees(NOODLES, PORK, CAFE)
    await sky.withdraw(PORK)
    for room in rooms:
        await room.sees_nominees(NOODLES, CAFE)
    await pins_stand_alike(rooms, NOODLES, CAFE)

    await host.vote(NOODLES, CAFE)
    await sky.vote(NOODLES)
    await sea.vote(CAFE, NOODLES)
    await sea.take_back(CAFE)
    for room in (host, sky):
        await room.done()
        await expect(room.result).to_be_hidden()
    await expect(sea.progress).to_contain_text(ko("map.done_count", all=3, n=2))
    await sea.done()

    results = await asyncio.gather(*(room.sees_result() for room in rooms))
    assert results[0] == results[1] == results[2]
    assert results[0].winners == [NOODLES]
    assert results[0].counts == {NOODLES: "3", CAFE: "1"}


async def pins_stand_alike(rooms: Sequence[Room], first: str, second: str) -> None:
    """In every room, each with a view of its own, both pins are at the same places of the world."""

    async def alike() -> bool:
        seen = [await room.sees_pins(first, second) for room in rooms]
        spread = [max(along) - min(along) for along in zip(*seen, strict=True)]
        return max(spread) < CLOSE and all(map(any, seen))

    await eventually(alike, f"{first} and {second} stand alike on all maps")


async def test_three_browsers_of_their_own_go_all_the_way(
    server: Callable[..., Any], arrive_apart: Arrive
) -> None:
    """From the link to the result, with nothing shared but the server."""
    host, sky, sea = rooms = await three_friends(arrive_apart, server())
    await asyncio.gather(host.sees(SKY, SEA), sky.sees(HOST, SEA), sea.sees(HOST, SKY))
    await everyone_sees_every_pointer(host, sky, sea)
    talk = await Conversation.among(*rooms)
    await sea_and_sky_chat(host, sky, sea)

    await host.nominate_known(NOODLES, typed="을지")
    await sky.nominate_known(PORK, typed="금돼지")
    for room in rooms:
        await room.sees_nominees(NOODLES, PORK)
    await pins_stand_alike(rooms, NOODLES, PORK)
    await host.vote(NOODLES)
    await sky.vote(NOODLES, PORK)
    await sea.vote(NOODLES)
    for room in rooms:
        await room.done()
    results = await asyncio.gather(*(room.sees_result() for room in rooms))
    assert results[0] == results[1] == results[2]
    assert results[0].winners == [NOODLES]
    assert results[0].counts == {NOODLES: "3", PORK: "1"}
    await talk.goes_on()


async def test_a_tie_is_a_tie_and_the_host_calls_a_run_off(
    server: Callable[..., Any], arrive: Arrive
) -> None:
    host, sky, sea = rooms = await three_friends(arrive, server())
    await host.nominate_known(NOODLES, typed="을지면")
    await sky.nominate_known(PORK, typed="금돼지")
    await host.nominate_spot(CAFE, 200, 200, "카페")

    await host.vote(NOODLES, PORK)
    await sky.vote(NOODLES, PORK)
    await sea.vote(CAFE)
    await host.close_ballot()

    for result in await asyncio.gather(*(room.sees_result() for room in rooms)):
        assert result.title == ko("map.result_tie")
        assert sorted(result.winners) == sorted([NOODLES, PORK])
        assert result.counts == {NOODLES: "2", PORK: "2", CAFE: "1"}

    await host.call_run_off()
    for room in rooms:
        await expect(room.result).to_be_hidden()
        await room.sees_nominees(NOODLES, PORK)
        await room.has_voted(NOODLES, on=False)
        await room.vote(PORK)
        await room.done()
    for result in await asyncio.gather(*(room.sees_result() for room in rooms)):
        assert result.winners == [PORK]
        assert result.counts == {PORK: "3", NOODLES: "0"}
