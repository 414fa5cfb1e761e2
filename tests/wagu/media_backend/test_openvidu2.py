"""OpenVidu 2 alone: names, tokens that are good once, a session that ends under our hands."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from tests.fakes import openvidu2
from tests.wagu.media_backend.houses import Delegated, delegated
from tests.wagu.media_backend.test_contract import JUN, LIVE, MAP, MINA, VIEWER
from wagu.errors import Unauthenticated
from wagu.media_backend.base import PeerClosed, PeerKey


@pytest.fixture
async def house(free_port: Callable[[], int]) -> AsyncIterator[Delegated]:
    async with delegated("openvidu2", free_port()) as made:
        yield made


async def test_a_session_is_named_after_our_room(house: Delegated) -> None:
    grant = await house.backend.grant(MAP, MINA, "talk")
    assert list(house.server.sessions) == ["map-Zk3v-0aQ_1"]
    assert grant.url == grant.token
    assert grant.token.startswith("wss://")
    (connection,) = house.server.sessions["map-Zk3v-0aQ_1"].values()
    assert connection.data == '{"peer":"m_1:s1","role":"talk"}'
    assert connection.role == "PUBLISHER"
    await house.backend.grant(LIVE, VIEWER, "watch")
    (connection,) = house.server.sessions["live-Qm-7_x"].values()
    assert connection.role == "SUBSCRIBER"


async def test_a_token_is_good_once_and_not_after_another(house: Delegated) -> None:
    first = await house.backend.grant(MAP, MINA, "talk")
    second = await house.backend.grant(MAP, MINA, "talk")
    with pytest.raises(openvidu2.Refused):
        await house.server.enter(first.token)
    await house.server.enter(second.token)
    with pytest.raises(openvidu2.Refused):
        await house.server.enter(second.token)


async def test_a_token_that_was_not_used_is_taken_back(house: Delegated) -> None:
    grant = await house.backend.grant(MAP, MINA, "talk")
    await house.backend.leave(MAP, MINA)
    await house.settle()
    with pytest.raises(openvidu2.Refused):
        await house.server.enter(grant.token)


async def test_a_session_that_ends_meanwhile_is_made_again(house: Delegated) -> None:
    await house.come(MAP, JUN, "talk")
    house.server.asked.clear()
    create = house.server.create

    async def answered_and_ended(request: object) -> object:
        answer = await create(request)
        if house.server.asked.count("POST /openvidu/api/sessions") == 1:
            house.server.sessions.clear()
        return answer

    house.server.create = answered_and_ended
    await house.server.stop()
    await house.server.start()
    assert (await house.backend.grant(MAP, MINA, "talk")).token
    assert house.server.asked.count("POST /openvidu/api/sessions") == 2
    assert house.server.asked.count("POST /openvidu/api/sessions/map-Zk3v-0aQ_1/connection") == 2


async def test_a_webhook_makes_us_look_at_the_list(house: Delegated) -> None:
    someone = await house.come(MAP, MINA, "talk")
    await house.settle()
    house.backend._look.clear()
    await house.go(someone)
    assert house.backend._look.is_set()
    await house.told(PeerClosed(MAP, MINA, "talk", "timeout"))


@pytest.mark.parametrize("authorization", ["", "Basic x", openvidu2.BASIC[:-1], "\udcff"])
async def test_a_webhook_without_the_header_does_not(house: Delegated, authorization: str) -> None:
    await house.settle()
    house.backend._look.clear()
    with pytest.raises(Unauthenticated):
        await house.backend.hear(authorization, b'{"event": "participantJoined"}')
    assert not house.backend._look.is_set()


async def test_sessions_and_connections_of_others_are_not_ours(house: Delegated) -> None:
    house.server.sessions["somebody-elses"] = {}
    await house.come(MAP, MINA, "talk")
    strange = openvidu2.Connection("con_x", "map-Zk3v-0aQ_1", "hello", "PUBLISHER", "", "active")
    house.server.sessions["map-Zk3v-0aQ_1"]["con_x"] = strange
    await house.settle()
    assert list(house.backend.stats()["rooms"]) == [MAP]
    assert list(house.backend.stats()["rooms"][MAP]["peers"]) == [PeerKey("m_1:s1")]
