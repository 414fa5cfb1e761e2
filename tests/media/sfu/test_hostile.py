"""One room is attacked by its own people; the next room does not notice."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from media.errors import BadOffer
from media.packets import rtcp
from media.routing.policing import BURST, MEDIA, PACKET, RTCP
from media.sfu import Sfu, SfuConfig

FLOOD, LARGE, PACE = 3_000, 1_000, 50


async def test_a_publisher_beyond_its_rate_harms_no_other_room(
    make_client: Callable[[Sfu], Any],
    wait_for: Callable[..., Awaitable[None]],
    vp8: Callable[..., bytes],
) -> None:
    # Time stands still, so that what may pass is a number, however slow the machine.
    sfu = Sfu(SfuConfig(host="127.0.0.1"), lambda event: None, clock=lambda: 1000.0)
    await sfu.start()
    clients = wild, fan, *calm = [make_client(sfu) for _ in range(4)]
    await wild.join("live/1", "eve", "publish")
    await fan.join("live/1", "fan", "watch")
    for name, each in zip(("ann", "bo"), calm, strict=True):
        await each.join("map/1", name, "talk")
    stats = sfu.stats
    await wait_for(
        lambda: all(p["connected"] for r in stats()["rooms"].values() for p in r["peers"].values()),
        "everybody is connected",
    )
    payload = vp8(bytes(LARGE), keyframe=True)
    for number in range(FLOOD):
        wild.show(number, payload)
        wild.say(rtcp.pli(1, 2), rtcp.nack(1, 3, range(500)))
        if number % PACE == 0:
            for each in calm:
                each.speak(number // PACE, b"calm %d" % (number // PACE))
            await asyncio.sleep(0)
    for each in calm:
        await wait_for(lambda c=each: len(c.rtp) == FLOOD // PACE, "every word of the other room")
        assert [p.payload for p in each.rtp] == [b"calm %d" % n for n in range(FLOOD // PACE)]
    dropped = stats()["rooms"]["live/1"]["peers"]["eve"]["dropped"]
    passed = MEDIA["video"] / 8 * BURST / (LARGE + PACKET)
    assert FLOOD - dropped["over_rate"] <= passed + 1
    assert FLOOD - dropped["rtcp_over_rate"] <= RTCP / 8 * BURST / PACKET
    assert len(fan.rtp) <= passed + 1
    assert stats()["rooms"]["map/1"]["peers"]["ann"]["dropped"] == {}
    for client in clients:
        await client.close()
    await sfu.close()


async def test_hostile_offers_leave_no_object_behind(house: Any) -> None:
    await house.join("map/1", "ann", "talk")
    before = house.sfu.objects()
    good = house.client().offer("talk", "actpass", 6)
    for number, bad in enumerate((
        good * 40,
        good + "a=x\n" * 3000,
        good.replace("a=mid:1", "a=mid:0"),
        good.replace("SAVPF 111", "SAVPF " + "111 " * 200),
        good + "a=fmtp:111 " + ";".join("abc") * 5000 + "\n",
        secrets.token_hex(40_000),
    )):  # fmt: skip
        with pytest.raises(BadOffer):
            house.sfu.answer(f"map/{number}", "eve", "talk", bad)
    assert house.sfu.objects() == before
