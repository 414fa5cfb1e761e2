"""What every backend does alike: the embedded SFU, and the two that have their media elsewhere."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from tests.wagu.media_backend.houses import House, delegated, embedded
from wagu.errors import Conflict, NotFound, Unauthenticated
from wagu.media_backend.base import (
    PeerClosed,
    PeerKey,
    PublicationStarted,
    RoomKey,
    StageChanged,
)
from wagu.media_backend.figures import totals

MAP, LIVE, OTHER = RoomKey("map/Zk3v-0aQ_1"), RoomKey("live/Qm-7_x"), RoomKey("map/other")
MINA, JUN = PeerKey("m_1:s1"), PeerKey("g_2:s2")
HOST, GUEST, VIEWER = PeerKey("m_1:publish"), PeerKey("g_2:stage"), PeerKey("v_3:abc")


@pytest.fixture(params=["embedded", "livekit", "openvidu2"])
async def house(
    request: pytest.FixtureRequest, free_port: Callable[[], int]
) -> AsyncIterator[House]:
    made = embedded() if request.param == "embedded" else delegated(request.param, free_port())
    async with made as house:
        yield house


async def test_one_gets_in_the_way_that_the_backend_names(house: House) -> None:
    backend = house.backend
    if backend.capabilities.negotiation == "sdp":
        with pytest.raises(Conflict) as refused:
            await backend.grant(MAP, MINA, "talk")
        assert refused.value.code == "media.no_tokens"
    else:
        with pytest.raises(Conflict) as refused:
            await backend.answer(MAP, MINA, "talk", "v=0")
        assert refused.value.code == "media.no_sdp"
        with pytest.raises(NotFound):
            await backend.restart(MAP, MINA, "a=ice-ufrag:x")
    assert backend.answers


async def test_whoever_leaves_is_gone_there_and_told_of_once(house: House) -> None:
    await house.come(MAP, MINA, "talk")
    await house.come(MAP, JUN, "talk")
    assert house.here(MAP) == {MINA, JUN}
    assert await house.backend.leave(MAP, MINA)
    await house.told(PeerClosed(MAP, MINA, "talk", "left"))
    assert house.here(MAP) == {JUN}
    assert not await house.backend.leave(MAP, MINA)
    assert not await house.backend.leave(OTHER, JUN)
    await house.settle()
    assert house.heard == []


async def test_whoever_comes_again_replaces_themselves(house: House) -> None:
    await house.come(MAP, MINA, "talk")
    await house.come(MAP, MINA, "talk")
    await house.told(PeerClosed(MAP, MINA, "talk", "replaced"))
    assert house.here(MAP) == {MINA}
    # A leave is over before the next one comes.
    await house.backend.leave(MAP, MINA)
    await house.come(MAP, MINA, "talk")
    await house.told(PeerClosed(MAP, MINA, "talk", "left"))
    assert house.here(MAP) == {MINA}


async def test_all_of_a_person_goes_and_nobody_else(house: House) -> None:
    for peer in (MINA, PeerKey("m_1:s9"), PeerKey("m_12:s3"), JUN):
        await house.come(MAP, peer, "talk")
    await house.come(OTHER, MINA, "talk")
    await house.backend.leave_person(MAP, "m_1")
    await house.told(
        PeerClosed(MAP, MINA, "talk", "left"),
        PeerClosed(MAP, PeerKey("m_1:s9"), "talk", "left"),
    )
    assert house.here(MAP) == {"m_12:s3", JUN}
    assert house.here(OTHER) == {MINA}


async def test_a_room_closes_once_for_everybody(house: House) -> None:
    await house.come(MAP, MINA, "talk")
    await house.come(MAP, JUN, "talk")
    await house.come(OTHER, MINA, "talk")
    await house.backend.close_room(MAP)
    await house.backend.close_room(MAP)
    await house.told(
        PeerClosed(MAP, MINA, "talk", "room_closed"), PeerClosed(MAP, JUN, "talk", "room_closed")
    )
    assert house.here(MAP) == set()
    assert house.here(OTHER) == {MINA}


async def test_a_live_is_on_air_with_the_first_media_of_its_host(house: House) -> None:
    host = await house.come(LIVE, HOST, "publish")
    await house.settle()
    assert house.heard == []
    await house.send(host)
    await house.told(PublicationStarted(LIVE, HOST))
    await house.come(LIVE, VIEWER, "watch")
    await house.settle()
    assert house.backend.viewers(LIVE) == 1
    await house.backend.leave(LIVE, HOST)
    await house.told(PeerClosed(LIVE, HOST, "publish", "left"))


async def test_a_guest_has_a_place_for_as_long_as_they_send(house: House) -> None:
    await house.send(await house.come(LIVE, HOST, "publish"))
    guest = await house.come(LIVE, GUEST, "guest")
    assert set(house.backend.on_stage(LIVE)) <= {None}
    await house.send(guest)
    await house.told(StageChanged(LIVE, (GUEST, None, None)))
    assert house.backend.on_stage(LIVE) == (GUEST, None, None)
    await house.backend.leave(LIVE, GUEST)
    await house.told(StageChanged(LIVE, (None, None, None)))
    assert set(house.backend.on_stage(LIVE)) <= {None}


async def test_muting_whom_it_does_not_know_is_no_error(house: House) -> None:
    await house.backend.mute(MAP, MINA, True)
    await house.backend.mute(MAP, MINA, False)
    await house.come(MAP, MINA, "talk")
    await house.backend.mute(MAP, MINA, True)
    await house.backend.mute(MAP, MINA, False)
    await house.settle()
    assert house.heard == []


async def test_figures_can_be_added_up(house: House) -> None:
    await house.come(MAP, MINA, "talk")
    await house.settle()
    added = totals(house.backend.stats())
    assert (added["rooms"], added["peers"]) == (1, {"talk": 1})
    assert all(isinstance(each, int | float | dict) for each in added.values())


async def test_only_the_media_server_may_bring_news(house: House) -> None:
    for authorization in ("", "Bearer x", "Basic eDp5", "\udcff"):
        with pytest.raises((Unauthenticated, NotFound)):
            await house.backend.hear(authorization, b'{"event": "room_finished"}')
