"""A reader that does not read delays nobody, and is closed."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

import pytest

from wagu.realtime.client import SLOW
from wagu.realtime.line import Line, text_frame


async def stalled(house: Any, who: Any, room: str) -> Any:
    """A talker whose transport has stopped reading."""
    talker = await house.enter(who, room)
    talker.ws._response.connection.transport.pause_reading()
    return talker


def client_of(house: Any, who: Any) -> Any:
    (client,) = (each for each in house.hub.delivery.clients() if each.person.id == who.id)
    return client


async def fill(client: Any) -> None:
    """Until the kernel's and the transport's buffers are full and the writer waits."""
    filler = text_frame(b'{"type":"pong","now":0}' + b" " * 60_000)
    while len(client._outbox) < 3:
        client.send(filler)
        await asyncio.sleep(0)


async def test_a_slow_reader_is_closed_and_the_others_go_on(
    table: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wagu.realtime.flood.PER_SECOND", 1e6)
    house = table.house
    who = await house.guest("느린")
    slow = await stalled(house, who, table.room)
    client = client_of(house, who)
    _, quick = await table.sit()
    await fill(client)
    for said in itertools.count(1):
        assert said <= 256
        await table.at_host.send("chat", text="여기 어때?")
        assert (await quick.expect("chatted"))["chat"]["id"] == f"c-{said}"
        if client._closer is not None:
            break
    slow.ws._response.connection.transport.resume_reading()
    assert await slow.closed() == 4008
    heard = [each["chat"]["id"] for each in slow.heard if each["type"] == "chatted"]
    assert heard == [f"c-{number}" for number in range(1, len(heard) + 1)]
    while not any(each["type"] == "person" and each["person"]["away"] for each in quick.heard):
        await quick.hear()


async def test_a_reader_that_never_comes_back_is_cut_off(
    table: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is kept for it: not its seat, not its connection."""
    house = table.house
    who = await house.guest("느린")
    talker = await stalled(house, who, table.room)
    slow = client_of(house, who)
    await fill(slow)
    abort, aborted = Line.abort, asyncio.Event()
    monkeypatch.setattr(Line, "abort", lambda line: (abort(line), aborted.set()))
    await slow.close(SLOW, "too slow", within=0.1)
    await house.until(lambda: house.hub.delivery.client(slow.id) is None)
    await asyncio.wait_for(aborted.wait(), 5)
    talker.ws._response.connection.transport.resume_reading()
    assert await talker.closed() == 1006


async def test_presence_alone_never_closes_a_slow_reader(table: Any) -> None:
    """However many ticks it misses, one frame waits, and it is the newest."""
    house = table.house
    guest = await house.guest("느린")
    slow = await stalled(house, guest, table.room)
    client = client_of(house, guest)
    await fill(client)
    waiting = len(client._outbox)
    for step in range(100):
        house.monotonic.ahead += 0.06
        await table.at_host.send("look", at=[37.5, 127 + step / 1000])
        await table.at_host.expect("presence")
    assert len(client._outbox) <= waiting + 1
    slow.ws._response.connection.transport.resume_reading()
    presence = await slow.expect("presence")
    assert presence["people"] == {table.host.id: {"at": [37.5, 127.099], "view": None}}
