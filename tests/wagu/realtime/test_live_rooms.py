"""Live rooms over real sockets: state, viewers and chat."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert

from wagu.bus import LiveEnded, LiveStateChanged, PersonBlocked, ViewersChanged
from wagu.db.schema import block
from wagu.domain.live import LiveState
from wagu.domain.place import Point
from wagu.media_backend.base import (
    LayersWanted,
    PeerClosed,
    PeerKey,
    PublicationStarted,
    RoomKey,
)


@pytest.fixture
async def host(house: Any) -> Any:
    return await house.member("지민")


@pytest.fixture
async def live(house: Any, host: Any) -> Any:
    return await house.live(host)


def on_air(house: Any, live: Any) -> None:
    house.media.tell(PublicationStarted(RoomKey(f"live/{live.id}"), PeerKey("m_1:publish")))


def off_air(house: Any, live: Any, reason: str = "timeout") -> None:
    room, peer = RoomKey(f"live/{live.id}"), PeerKey("m_1:publish")
    house.media.tell(PeerClosed(room, peer, "publish", reason))


async def test_joined_carries_the_live(house: Any, host: Any, live: Any) -> None:
    talker = await house.connect(host)
    joined = await talker.join(f"live/{live.id}")
    assert (joined["title"], joined["expires_at"], joined["ballot"]) == ("을지로 노포", None, None)
    assert joined["you"]["host"] is True
    assert joined["live"] == {
        "id": live.id,
        "title": "을지로 노포",
        "host": {"id": host.id, "name": "지민"},
        "place": None,
        "state": "waiting",
        "viewers": 0,
    }


async def test_a_live_has_a_place(house: Any, host: Any) -> None:
    place = await house.places.create(
        name="을지면옥",
        at=Point(37.5662, 126.9915),
        category="한식",
        address="서울 중구",
        created_by=host.person.member_id,
        now=1.0,
    )
    live = await house.lives.create(
        host=host.person.member_id, title="냉면", place_id=place.id, now=1.0
    )
    joined = (await house.enter(host, f"live/{live.id}")).heard[-1]
    assert joined["live"]["place"] == {
        "id": place.id,
        "name": "을지면옥",
        "at": [37.5662, 126.9915],
        "category": "한식",
        "address": "서울 중구",
    }


async def test_viewers_are_counted_without_the_host(house: Any, host: Any, live: Any) -> None:
    counts: list[int] = []
    house.bus.subscribe(ViewersChanged, lambda event: counts.append(event.viewers))
    at_host = await house.enter(host, f"live/{live.id}")
    guest = await house.guest()
    viewers = [
        await house.enter(guest, f"live/{live.id}"),
        await house.enter(guest, f"live/{live.id}"),  # a second tab is no second viewer
        await house.enter(None, f"live/{live.id}"),
    ]
    await house.pass_time(1)
    await at_host.expect("live", live={**at_host.heard[0]["live"], "viewers": 2})
    assert (await house.lives.get(live.id)).peak_viewers == 2
    await viewers[0].send("leave")
    await viewers[1].send("leave")
    await viewers[2].drop()  # the anonymous do not come back as themselves: no grace
    while counts[-1] != 0:
        await at_host.all_until_pong()
        await house.pass_time(1)
    assert (await house.lives.get(live.id)).peak_viewers == 2


async def test_a_member_who_lost_the_connection_still_watches(
    house: Any, host: Any, live: Any
) -> None:
    at_host = await house.enter(host, f"live/{live.id}")
    at_guest = await house.enter(await house.guest(), f"live/{live.id}")
    await at_guest.drop()
    while not (joined := await at_host.join(f"live/{live.id}"))["people"][1]["away"]:
        pass
    assert joined["live"]["viewers"] == 1
    await house.pass_time(10)
    assert (await at_host.join(f"live/{live.id}"))["live"]["viewers"] == 1
    await house.pass_time(6)
    assert (await at_host.join(f"live/{live.id}"))["live"]["viewers"] == 0


async def test_the_count_is_told_once_a_second(house: Any, host: Any, live: Any) -> None:
    at_host = await house.enter(host, f"live/{live.id}")
    for _ in range(10):
        await house.enter(None, f"live/{live.id}")
    told = [each for each in await at_host.all_until_pong() if each["type"] == "live"]
    assert len(told) <= 2
    await house.pass_time(1)
    while (await at_host.expect("live"))["live"]["viewers"] != 10:
        pass


async def test_nobody_is_told_who_comes_and_goes(house: Any, host: Any, live: Any) -> None:
    at_host = await house.enter(host, f"live/{live.id}")
    at_guest = await house.enter(await house.guest(), f"live/{live.id}")
    await at_guest.send("leave")
    await at_guest.all_until_pong()
    told = {each["type"] for each in await at_host.all_until_pong()}
    assert told <= {"live"}


async def test_people_are_at_most_fifty(house: Any, host: Any, live: Any) -> None:
    for _ in range(55):
        await house.enter(None, f"live/{live.id}")
    joined = (await house.enter(host, f"live/{live.id}")).heard[-1]
    assert len(joined["people"]) == 50
    assert joined["live"]["viewers"] == 55


async def test_everyone_sees_the_state(house: Any, host: Any, live: Any) -> None:
    viewer = await house.enter(None, f"live/{live.id}")
    for tell, state in ((on_air, "on_air"), (off_air, "interrupted"), (on_air, "on_air")):
        tell(house, live)
        await house.hub.settle()
        await house.pass_time(1)
        while (await viewer.expect("live"))["live"]["state"] != state:
            pass


async def test_who_comes_during_a_short_interruption_hears_of_its_end(
    house: Any, host: Any, live: Any
) -> None:
    """Nothing changed for the others, who were told neither."""
    viewer = await house.enter(None, f"live/{live.id}")
    on_air(house, live)
    await house.hub.settle()
    await house.pass_time(1)
    await viewer.expect("live", live={**viewer.heard[0]["live"], "state": "on_air", "viewers": 1})
    off_air(house, live)
    await house.hub.settle()
    at_host = await house.enter(host, f"live/{live.id}")
    assert at_host.heard[-1]["live"]["state"] == "interrupted"
    on_air(house, live)
    await house.hub.settle()
    await house.pass_time(1)
    assert (await at_host.expect("live"))["live"]["state"] == "on_air"


async def test_chat_in_a_live(house: Any, host: Any, live: Any) -> None:
    at_host = await house.enter(host, f"live/{live.id}")
    viewer = await house.enter(None, f"live/{live.id}")
    await at_host.send("chat", text="안녕하세요")
    assert (await viewer.expect("chatted"))["chat"]["text"] == "안녕하세요"
    later = await house.enter(None, f"live/{live.id}")
    assert [line["text"] for line in later.heard[-1]["chat"]] == ["안녕하세요"]


async def test_the_end_reaches_everyone(house: Any, host: Any, live: Any) -> None:
    viewer = await house.enter(None, f"live/{live.id}")
    await house.lives.set_state(live.id, LiveState.ENDED, 1.0)
    house.bus.publish(LiveEnded(live.id, "by_host"))
    assert (await viewer.expect("ended"))["code"] == "live.ended"
    await house.hub.settle()
    assert house.media.closed_rooms == [f"live/{live.id}"]
    assert await viewer.refused("join", room=f"live/{live.id}") == "live.ended"


async def test_a_host_who_does_not_come_back(house: Any, host: Any, live: Any) -> None:
    viewer = await house.enter(None, f"live/{live.id}")
    states: list[str] = []
    house.bus.subscribe(LiveStateChanged, lambda event: states.append(event.state))
    on_air(house, live)
    await house.hub.settle()
    off_air(house, live)
    await house.hub.settle()
    for seconds in (20, 20, 19):
        await viewer.all_until_pong()
        await house.pass_time(seconds)
    assert (await house.lives.get(live.id)).state is LiveState.INTERRUPTED
    await viewer.all_until_pong()
    await house.pass_time(2)
    await viewer.expect("ended")
    assert states == ["on_air", "interrupted", "ended"]
    assert (await house.lives.get(live.id)).state is LiveState.ENDED


@pytest.mark.parametrize("by_host", [True, False])
async def test_a_block_shows_out_and_keeps_out(
    house: Any, host: Any, live: Any, by_host: bool
) -> None:
    troll, other = await house.member("트롤"), await house.member("다른 이")
    at_troll = await house.enter(troll, f"live/{live.id}")
    at_other = await house.enter(other, f"live/{live.id}")
    pair = (host, troll) if by_host else (troll, host)
    async with house.db.write() as connection:
        values = [each.person.member_id for each in pair]
        await connection.execute(insert(block).values((*values, 1.0)))
    house.bus.publish(PersonBlocked(pair[0].id, pair[1].id))
    ended = await at_troll.expect("ended")
    assert ended["code"] == "live.unknown"
    assert await at_troll.refused("join", room=f"live/{live.id}") == "live.unknown"
    assert not [each for each in await at_other.all_until_pong() if each["type"] == "ended"]


async def test_the_host_learns_which_layers_are_worth_sending(
    house: Any, host: Any, live: Any
) -> None:
    """And nobody else: a viewer has nothing to send."""
    sender, viewer = await house.connect(host), await house.connect(await house.guest("하늘"))
    for talker in (sender, viewer):
        await talker.join(f"live/{live.id}")
    room, peer = RoomKey(f"live/{live.id}"), PeerKey("m_1:publish")
    house.media.tell(LayersWanted(room, peer, ("l", "h")))
    assert (await sender.expect("layers"))["rids"] == ["l", "h"]
    house.bus.publish(LiveStateChanged(live.id, LiveState.ON_AIR))
    await viewer.expect("live")
    assert "layers" not in [message["type"] for message in viewer.heard]
