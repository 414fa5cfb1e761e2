"""Coming to and going from the SFU, and what disturbs neither."""

from __future__ import annotations

import logging
import secrets
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from media.errors import BadOffer
from media.events import Event, PeerClosed
from media.sfu import Sfu, SfuConfig


async def test_a_bad_offer_leaves_nothing_behind(house: Any) -> None:
    with pytest.raises(BadOffer):
        house.sfu.answer("map/1", "ann", "talk", "v=0\r\n")
    with pytest.raises(BadOffer):
        house.sfu.answer("map/1", "a", "talk", house.client().offer("watch", "actpass", 0))
    assert house.sfu.stats()["rooms"] == {}
    assert house.sfu._transport.links == 0


async def test_leaving_is_told_and_the_room_goes_with_the_last(house: Any) -> None:
    await house.join("map/1", "ann", "talk")
    await house.join("map/1", "bo", "talk")
    house.sfu.leave("map/1", "ann")
    house.sfu.leave("map/1", "ann")
    house.sfu.leave("map/2", "ann")
    assert house.told(PeerClosed) == [PeerClosed("map/1", "ann", "talk", "left")]
    assert list(house.sfu.stats()["rooms"]["map/1"]["peers"]) == ["bo"]
    house.sfu.leave("map/1", "bo")
    assert house.sfu.stats()["rooms"] == {}


async def test_what_is_alive_is_counted_by_kind(house: Any, tmp_path: Path) -> None:
    before = house.sfu.objects()
    assert not any(before[kind] for kind in ("peers", "seats", "recordings", "broadcasts"))
    await house.join("map/1", "ann", "talk", slots=4)
    await house.join("map/1", "bo", "talk", slots=2)
    await house.join("live/1", "cy", "publish")
    house.sfu.record("live/1", tmp_path)
    alive = house.sfu.objects()
    assert (alive["rooms"], alive["peers"], alive["subscriptions"]) == (2, 3, 6)
    assert (alive["seats"], alive["recordings"], alive["broadcasts"]) == (6, 1, 0)
    house.sfu.leave("map/1", "bo")
    assert house.sfu.objects()["seats"] == 4
    for room in ("map/1", "live/1"):
        house.sfu.close_room(room)

    def gone() -> bool:
        left = house.sfu.objects()
        return not any(left[kind] for kind in ("peers", "seats", "recordings", "links", "leaving"))

    await house.until(gone, "nobody is left, and nothing of them")


async def test_a_replaced_session_ends_nobody_else(house: Any) -> None:
    await house.join("map/1", "ann", "talk")
    old = house.sfu._rooms["map/1"].peers["ann"].session
    await house.join("map/1", "ann", "talk")
    assert not house.sfu.leave("map/1", "ann", old)
    assert list(house.sfu.stats()["rooms"]["map/1"]["peers"]) == ["ann"]
    assert house.sfu.leave("map/1", "ann", house.sfu._rooms["map/1"].peers["ann"].session)
    assert not house.sfu.leave("map/1", "ann")


async def test_no_log_line_holds_the_key_of_a_room(
    house: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """To know a shared map's key is to have the right to enter it."""
    caplog.set_level(logging.DEBUG, "media")
    key = f"map/{secrets.token_urlsafe(16)}"
    await house.join(key, "ann", "talk")
    await house.join(key, "ann", "talk")
    house.sfu.close_room(key)
    assert "admitted" in caplog.text
    assert "replaced" in caplog.text
    assert key.partition("/")[2] not in caplog.text


async def test_a_goodbye_over_dtls_is_a_leave(house: Any) -> None:
    ann = await house.join("map/1", "ann", "talk")
    await ann.close()
    house.clients.remove(ann)
    await house.until(lambda: house.told(PeerClosed), "closed")
    assert house.told(PeerClosed) == [PeerClosed("map/1", "ann", "talk", "left")]
    await house.until(lambda: not house.sfu.stats()["rooms"], "the room is swept")


async def test_a_closed_room_closes_every_link(house: Any) -> None:
    ann = await house.join("map/1", "ann", "talk")
    await house.join("map/1", "bo", "talk")
    house.sfu.close_room("map/1")
    house.sfu.close_room("map/1")
    assert {(each.peer, each.reason) for each in house.told(PeerClosed)} == {
        ("ann", "room_closed"),
        ("bo", "room_closed"),
    }
    await house.until(lambda: ann._dtls.state == "closed", "the client hears of it")
    assert house.sfu._transport.links == 0


async def test_churn_leaves_nothing_behind(house: Any) -> None:
    await house.join("map/1", "ann", "talk")
    for turn in range(10):
        guest = await house.join("map/1", "guest", "talk")
        if turn % 2:
            house.sfu.leave("map/1", "guest")
            await guest.close()
            house.clients.remove(guest)
    house.sfu.leave("map/1", "guest")
    await house.until(lambda: house.sfu._transport.links == 1, "only one link is left")
    assert list(house.sfu.stats()["rooms"]["map/1"]["peers"]) == ["ann"]


async def test_a_listeners_mistake_stops_nothing(
    make_client: Callable[[Sfu], Any],
    wait_for: Callable[..., Awaitable[None]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    def listen(event: Event) -> None:
        raise RuntimeError("a bug of the application")

    sfu = Sfu(SfuConfig(host="127.0.0.1"), listen)
    await sfu.start()
    client = make_client(sfu)
    with caplog.at_level(logging.CRITICAL, logger="media.sfu"):
        await client.join("map/1", "ann", "talk")
        await wait_for(
            lambda: sfu.stats()["rooms"]["map/1"]["peers"]["ann"]["connected"], "connected"
        )
        client.speak(1)
        await wait_for(
            lambda: sfu.stats()["rooms"]["map/1"]["peers"]["ann"]["publishes"], "a packet"
        )
        await client.close()
        await sfu.close()


async def test_the_heart_survives_a_mistake_in_one_room(
    house: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await house.join("map/1", "ann", "talk")
    ticks: list[float] = []

    def fail(now: float) -> None:
        ticks.append(now)
        raise RuntimeError("a bug of ours")

    with caplog.at_level(logging.CRITICAL, logger="media.sfu"):
        monkeypatch.setattr(house.sfu._rooms["map/1"], "tick", fail)
        monkeypatch.setattr(house.sfu._transport, "tick", fail)
        await house.until(lambda: len(ticks) >= 4, "two heartbeats")


async def test_closing_twice_and_without_a_start() -> None:
    sfu = Sfu(SfuConfig(host="127.0.0.1"), lambda event: None)
    await sfu.close()
    await sfu.start()
    await sfu.close()
    await sfu.close()


async def test_shutdown_is_told_to_everybody(house: Any) -> None:
    ann = await house.join("map/1", "ann", "talk")
    await house.sfu.close()
    assert house.told(PeerClosed) == [PeerClosed("map/1", "ann", "talk", "shutdown")]
    await house.until(lambda: ann._dtls.state == "closed", "the client hears of it")


async def test_junk_from_strangers_disturbs_nobody(house: Any) -> None:
    ann = await house.join("map/1", "ann", "talk")
    bo = await house.join("map/1", "bo", "talk")
    stranger = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    before = house.sfu.stats()["received_packets"]
    for number in range(200):
        stranger.sendto(secrets.token_bytes(number * 8), ("127.0.0.1", house.sfu.port))
    # and from a bound address: packets that no key made
    for number in range(20):
        ann._send_datagram(b"\x80" + secrets.token_bytes(40 + number))
    await house.until(lambda: house.sfu.stats()["received_packets"] == before + 220, "all of it")
    stranger.close()
    ann.speak(1, b"still here")
    await house.until(lambda: bo.rtp, "a packet")
    assert bo.rtp[0].payload == b"still here"
    assert sum(house.sfu.stats()["dropped"].values()) == 220
