"""Backends with their media elsewhere: lost news, a server that is slow, down, back; old tokens."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable

import pytest

from tests.fakes import livekit, openvidu2
from tests.wagu.media_backend.houses import Delegated, delegated, remote_of
from tests.wagu.media_backend.test_contract import GUEST, HOST, JUN, LIVE, MAP, MINA, VIEWER
from wagu.errors import Conflict, NotFound, Unavailable
from wagu.media_backend.base import PeerClosed, PublicationStarted, RecordingLimits, StageChanged
from wagu.media_backend.breaker import OPENS_AFTER
from wagu.media_backend.delegated import EXPELLED_FOR, DelegatedBackend
from wagu.media_backend.roster import CONNECT_WITHIN

REFUSED = (livekit.Refused, openvidu2.Refused)


@pytest.fixture(params=["livekit", "openvidu2"])
async def house(
    request: pytest.FixtureRequest, free_port: Callable[[], int]
) -> AsyncIterator[Delegated]:
    async with delegated(request.param, free_port()) as made:
        yield made


@pytest.fixture
async def deaf(house: Delegated) -> Delegated:
    """No webhook arrives."""
    house.server.hook = None
    return house


async def test_who_goes_by_themselves_is_told_of(house: Delegated) -> None:
    someone = await house.come(MAP, MINA, "talk")
    await house.settle()
    await house.go(someone)
    await house.told(PeerClosed(MAP, MINA, "talk", "timeout" if _polls(house) else "left"))


async def test_without_webhooks_the_list_tells_all(deaf: Delegated) -> None:
    host = await deaf.come(LIVE, HOST, "publish")
    guest = await deaf.come(LIVE, GUEST, "guest")
    viewer = await deaf.come(LIVE, VIEWER, "watch")
    await deaf.send(host)
    await deaf.send(guest)
    await deaf.told(PublicationStarted(LIVE, HOST), StageChanged(LIVE, (GUEST, None, None)))
    assert deaf.backend.viewers(LIVE) == 1
    await deaf.go(viewer)
    await deaf.told(PeerClosed(LIVE, VIEWER, "watch", "timeout"))
    await deaf.go(host)
    await deaf.told(PeerClosed(LIVE, HOST, "publish", "timeout"))


async def test_it_takes_two_lists_to_be_gone(deaf: Delegated) -> None:
    someone = await deaf.come(MAP, MINA, "talk")
    await deaf.come(MAP, JUN, "talk")
    await deaf.settle()
    await deaf.go(someone)
    await deaf.settle()
    assert deaf.heard == []
    await deaf.settle()
    assert deaf.heard == [PeerClosed(MAP, MINA, "talk", "timeout")]


async def test_who_never_comes_with_their_token_is_given_up(house: Delegated) -> None:
    await house.backend.grant(MAP, MINA, "talk")
    house.clock.now += CONNECT_WITHIN - 1
    await house.settle()
    assert house.heard == []
    house.clock.now += 1
    await house.settle()
    assert house.heard == [PeerClosed(MAP, MINA, "talk", "timeout")]


async def test_a_guest_whose_camera_stops_leaves_their_place(house: Delegated) -> None:
    room, who = await house.come(LIVE, GUEST, "guest")
    stream = await house.server.publish(room, who, "VIDEO")
    await house.told(StageChanged(LIVE, (GUEST, None, None)))
    await house.server.unpublish(room, who, stream)
    await house.told(StageChanged(LIVE, (None, None, None)))
    await house.server.publish(room, who, "VIDEO")
    await house.told(StageChanged(LIVE, (GUEST, None, None)))


async def test_no_role_can_do_more_than_it_says(house: Delegated) -> None:
    room, viewer = await house.come(LIVE, VIEWER, "watch")
    with pytest.raises(REFUSED):
        await house.server.publish(room, viewer, "VIDEO")
    room, talker = await house.come(MAP, MINA, "talk")
    await house.server.publish(room, talker, "AUDIO")
    if not _polls(house):  # OpenVidu 2 has no such permission
        with pytest.raises(REFUSED):
            await house.server.publish(room, talker, "VIDEO")


async def test_nobody_comes_back_with_the_token_of_before(house: Delegated) -> None:
    grant = await house.backend.grant(MAP, MINA, "talk")
    await house.server.enter(grant.token)
    await house.come(MAP, JUN, "talk")
    await house.backend.leave_person(MAP, "m_1")
    await house.settle()
    try:
        await house.server.enter(grant.token)
    except REFUSED:
        assert _polls(house)  # its tokens are good once
    await house.settle()
    assert house.here(MAP) == {JUN}
    assert house.heard == [PeerClosed(MAP, MINA, "talk", "left")]
    # A new one opens the room again.
    await house.come(MAP, MINA, "talk")
    await house.settle()
    assert house.here(MAP) == {MINA, JUN}


async def test_a_server_that_is_down_refuses_at_once_who_wants_to_come(house: Delegated) -> None:
    await house.server.stop()
    for _ in range(OPENS_AFTER):
        with pytest.raises(Unavailable) as refused:
            await house.backend.grant(MAP, MINA, "talk")
        assert refused.value.code == "media.unavailable"
    assert not house.backend.answers
    asked = house.backend.stats()["upstream_calls"]
    with pytest.raises(Unavailable):
        await house.backend.grant(MAP, MINA, "talk")
    assert house.backend.stats()["upstream_calls"] == asked


async def test_what_ended_while_it_was_down_ends_when_it_is_back(house: Delegated) -> None:
    await house.come(MAP, MINA, "talk")
    await house.come(MAP, JUN, "talk")
    await house.come(LIVE, HOST, "publish")
    await house.settle()
    await house.server.stop()
    assert await house.backend.leave(MAP, MINA)
    await house.backend.close_room(LIVE)
    assert house.heard == [
        PeerClosed(MAP, MINA, "talk", "left"),
        PeerClosed(LIVE, HOST, "publish", "room_closed"),
    ]
    await house.settle()
    assert house.here(MAP) == {MINA, JUN}
    assert house.backend.stats()["errands"] == 2
    await house.server.start()
    await _closes_the_circuit(house)
    await house.settle()
    assert house.here(MAP) == {JUN}
    assert house.here(LIVE) == set()
    assert house.backend.stats()["errands"] == 0
    assert house.backend.answers
    assert len(house.heard) == 2, "who is still there was never said to be gone"


async def test_who_may_come_back_is_not_sent_away_for_what_was_before(house: Delegated) -> None:
    await house.come(MAP, MINA, "talk")
    await house.settle()
    await house.server.stop()
    await house.backend.leave_person(MAP, "m_1")
    await house.backend._errands.settle()
    await house.server.start()
    await _closes_the_circuit(house)
    await house.come(MAP, MINA, "talk")
    await house.settle()
    assert house.here(MAP) == {MINA}
    assert house.backend.stats()["errands"] == 0


async def test_a_server_that_hangs_makes_nobody_wait_but_who_wants_to_come(
    house: Delegated,
) -> None:
    await house.come(MAP, MINA, "talk")
    await house.settle()
    house.server.delay = 3600
    calls = [
        house.backend.mute(MAP, MINA, True),
        house.backend.leave(MAP, MINA),
        house.backend.leave_person(MAP, "g_2"),
        house.backend.close_room(MAP),
    ]
    for call in calls:
        # Not once does it give up its turn: nothing is waited for.
        with pytest.raises(StopIteration):
            call.send(None)
    began = time.monotonic()
    with pytest.raises(Unavailable):
        await house.backend.grant(LIVE, JUN, "talk")
    assert time.monotonic() - began < 20, "three tries of 0.4 s each"


async def test_no_log_says_which_map_it_is(
    house: Delegated, capsys: pytest.CaptureFixture[str]
) -> None:
    await house.come(MAP, MINA, "talk")
    await house.server.stop()
    await house.backend.leave(MAP, MINA)
    await house.settle()
    said = capsys.readouterr().out
    assert "x media server" in said
    assert MAP.partition("/")[2] not in said


async def test_one_failure_is_tried_again(house: Delegated) -> None:
    house.server.fails = [503]
    assert (await house.backend.grant(MAP, MINA, "talk")).token
    house.server.fails = [500, 502]
    assert (await house.backend.grant(MAP, JUN, "talk")).token
    assert house.backend.answers


async def test_what_is_not_json_is_no_answer(house: Delegated) -> None:
    house.server.fails = [200]
    with pytest.raises(Unavailable):
        await house.backend._remote.rooms()


async def test_a_wrong_secret_is_said_so_and_opens_nothing(house: Delegated) -> None:
    house.server.fails = [401]
    with pytest.raises(Unavailable):
        await house.backend.grant(MAP, MINA, "talk")
    assert house.backend.answers, "it did answer"


async def test_another_process_takes_over_whom_it_finds(house: Delegated) -> None:
    """After a restart, or beside another node: without grants of its own."""
    await house.send(await house.come(LIVE, HOST, "publish"))
    await house.come(LIVE, VIEWER, "watch")
    heard: list[object] = []
    remote = remote_of(house.server, house.clock)
    second = DelegatedBackend(remote, clock=house.clock)
    second.listen(heard.append)
    try:
        await second.reconcile()
        assert heard == [PublicationStarted(LIVE, HOST)]
        assert second.viewers(LIVE) == 1
        await second.leave_person(LIVE, "v_3")
        await second._errands.settle()
        assert house.here(LIVE) == {HOST}
    finally:
        await second.close()


async def test_the_rounds_go_by_themselves(free_port: Callable[[], int]) -> None:
    async with delegated("livekit", free_port()) as house:
        heard: asyncio.Queue[object] = asyncio.Queue()
        remote = remote_of(house.server, house.clock)
        second = DelegatedBackend(remote, clock=house.clock, every=0.02)
        second.listen(heard.put_nowait)
        await second.start()
        try:
            await house.send(await house.come(LIVE, HOST, "publish"))
            assert await asyncio.wait_for(heard.get(), 20) == PublicationStarted(LIVE, HOST)
        finally:
            await second.close()


async def test_what_it_cannot_do_it_says(house: Delegated) -> None:
    able = house.backend.capabilities
    assert (able.recording, able.snapshots, able.hls, able.slots) == (False, False, False, 0)
    assert house.backend.snapshot(LIVE) is None
    assert not house.backend.has_hls(LIVE)
    with pytest.raises(Conflict):
        await house.backend.hls_playlist(LIVE, None, None)
    with pytest.raises(NotFound):
        await house.backend.hls_file(LIVE, "1.m4s")
    await house.backend.record(LIVE, None, RecordingLimits(1, 1))
    await house.backend.stop_recording(LIVE)
    assert house.heard == []
    assert house.backend.accepts_tcp is None


async def test_what_was_sent_away_is_forgotten_in_time(house: Delegated) -> None:
    await house.come(MAP, MINA, "talk")
    await house.backend.leave(MAP, MINA)
    await house.settle()
    assert house.backend._expelled
    house.clock.now += EXPELLED_FOR
    await house.settle()
    assert not house.backend._expelled


def _polls(house: Delegated) -> bool:
    return house.backend.capabilities.kind == "openvidu2"


async def _closes_the_circuit(house: Delegated) -> None:
    """As after the wait, which no test sits out."""
    house.backend._remote._upstream._breaker.answered()
