"""Presence over real sockets: one coalesced tick per room, encoded once."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from wagu.realtime import messages as m


async def test_a_look_reaches_everyone_the_looker_too(table: Any) -> None:
    guest, at_guest = await table.sit()
    await at_guest.send("look", view=[37.5, 127.0, 15.5], at=[37.6, 127.1])
    for talker in (at_guest, table.at_host):
        presence = await talker.expect("presence")
        assert presence["people"] == {guest.id: {"at": [37.6, 127.1], "view": [37.5, 127.0, 15.5]}}


async def test_what_is_left_out_stays_and_is_not_told_again(table: Any) -> None:
    talker, you = table.at_host, table.host.id
    view = [37.5, 127.0, 14]
    await talker.ask("look", "presence", view=[37.5, 127.0, 13])
    for look in ({"view": view}, {"at": [37.6, 127.1]}, {"at": None}):
        await talker.send("look", **look)
        assert (await talker.expect("presence"))["people"][you] == look
    _, at_guest = await table.sit()
    assert at_guest.heard[0]["presence"] == {you: {"at": None, "view": view}}


async def test_a_look_that_changes_nothing_is_no_news(table: Any) -> None:
    await table.at_host.send("look", at=[37.6, 127.1])
    await table.at_host.expect("presence")
    await table.at_host.send("look", at=[37.6, 127.1])
    await table.at_host.send("look")
    await asyncio.sleep(0.06)  # longer than a tick: what is to come has come
    assert await table.at_host.all_until_pong() == []


async def test_who_comes_later_sees_where_everyone_is(table: Any) -> None:
    await table.at_host.send("look", at=[37.6, 127.1])
    await table.at_host.expect("presence")
    _, at_guest = await table.sit()
    assert at_guest.heard[0]["presence"] == {table.host.id: {"at": [37.6, 127.1], "view": None}}


async def test_who_is_gone_is_forgotten(table: Any) -> None:
    guest, at_guest = await table.sit()
    await at_guest.ask("look", "presence", at=[37.6, 127.1])
    await at_guest.send("leave")
    await table.at_host.expect("gone", id=guest.id)
    assert (await table.at_host.join(table.room))["presence"] == {}


async def test_nobody_looks_around_without_a_map(house: Any, table: Any) -> None:
    talker = await house.connect(await house.guest())
    assert await talker.refused("look", at=[37.5, 127.0]) == "room.not_joined"
    live = await house.live(table.host)
    await talker.join(f"live/{live.id}")
    assert await talker.refused("look", at=[37.5, 127.0]) == "room.not_a_map"


async def test_fifty_who_move_are_one_frame_a_tick_encoded_once(make_house: Any) -> None:
    """50 people × 40 moves: never one message per pair, and one encoding per tick."""
    encoded: list[int] = []

    def encode(message: m.ServerMessage) -> bytes:
        if isinstance(message, m.Presence):
            encoded.append(len(message.people))
        return m.encode(message)

    async with make_house(encode=encode) as house:
        host = await house.member()
        room = f"map/{(await house.share_map(host)).id}"
        talkers = [await house.enter(await house.guest(f"손님 {n}"), room) for n in range(50)]
        for talker in talkers:
            await talker.all_until_pong()
            talker.heard.clear()
        began = time.monotonic()
        for step in range(40):
            await asyncio.gather(
                *(talker.send("look", at=[37.5, 127 + step / 1000]) for talker in talkers)
            )
            await asyncio.sleep(0.005)
        last = {"at": [37.5, 127.039]}
        for talker in talkers:
            known: dict[str, Any] = {}
            for each in talker.heard:
                known.update(each.get("people", {}))
            while len(known) < 50 or any(each != last for each in known.values()):
                known.update((await talker.expect("presence"))["people"])
        ticks = (time.monotonic() - began) * 20 + 1
        frames = [sum(e["type"] == "presence" for e in talker.heard) for talker in talkers]
        assert max(frames) <= len(encoded) <= ticks
        assert sum(encoded) <= 2000
