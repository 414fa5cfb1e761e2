"""The life of a live at run time, over real rows and with a clock in the hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from wagu.bus import LiveCreated, LiveEnded, LocalBus
from wagu.cluster.ownership import Alone
from wagu.db.engine import Database
from wagu.db.lives import LiveRows
from wagu.db.members import MemberRows
from wagu.domain.live import LiveId, LiveState
from wagu.media_backend.base import PeerClosed, PeerKey, PublicationStarted, Role, RoomKey
from wagu.realtime.background import Background
from wagu.realtime.lives import Lives


class Studio:
    """Lives over real rows; restarting makes a new `Lives` over the same ones."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.now = 1000.0
        self.rows = LiveRows(db)
        self.ended: list[tuple[str, str]] = []
        self.restart()

    def restart(self) -> None:
        self.bus = LocalBus()
        self.bus.subscribe(LiveEnded, lambda event: self.ended.append((event.id, event.reason)))
        self.background = Background()
        self.lives = Lives(self.rows, self.bus, self.background, Alone(), lambda: self.now)

    async def announce(self) -> LiveId:
        member = await MemberRows(self.db).create(
            username=f"user{self.now}", name="지민", password_hash="", now=self.now
        )
        live = await self.rows.create(host=member.id, title="냉면", place_id=None, now=self.now)
        self.bus.publish(LiveCreated(live.id))
        return live.id

    async def on_air(self, live_id: LiveId) -> None:
        self.lives.on_media(PublicationStarted(RoomKey(f"live/{live_id}"), PeerKey("m_1:publish")))
        await self.background.settle()

    async def closed(self, live_id: LiveId, reason: str, role: Role = "publish") -> None:
        room, peer = RoomKey(f"live/{live_id}"), PeerKey("m_1:publish")
        self.lives.on_media(PeerClosed(room, peer, role, reason))
        await self.background.settle()

    async def pass_time(self, seconds: float) -> None:
        self.now += seconds
        self.lives.tick(self.now)
        await self.background.settle()

    async def state(self, live_id: LiveId) -> LiveState:
        return (await self.rows.get(live_id)).state


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[Studio]:
    db = Database(f"sqlite+aiosqlite:///{tmp_path / 'wagu.db'}")
    await db.start()
    yield Studio(db)
    await db.close()


@pytest.fixture
async def live(studio: Studio) -> LiveId:
    return await studio.announce()


@pytest.mark.parametrize("reason", ["left", "timeout", "failed"])
async def test_without_its_publisher_it_is_interrupted_then_ended(
    studio: Studio, live: LiveId, reason: str
) -> None:
    await studio.on_air(live)
    await studio.closed(live, reason)
    assert await studio.state(live) is LiveState.INTERRUPTED
    await studio.pass_time(59)
    assert studio.ended == []
    await studio.pass_time(1)
    assert studio.ended == [(live, "host_gone")]
    assert await studio.state(live) is LiveState.ENDED


async def test_a_publisher_who_comes_back_in_time(studio: Studio, live: LiveId) -> None:
    await studio.on_air(live)
    await studio.closed(live, "timeout")
    await studio.pass_time(59)
    await studio.on_air(live)
    await studio.pass_time(3600)
    assert await studio.state(live) is LiveState.ON_AIR


@pytest.mark.parametrize("reason", ["replaced", "room_closed", "shutdown"])
async def test_reasons_that_are_no_absence(studio: Studio, live: LiveId, reason: str) -> None:
    await studio.on_air(live)
    await studio.closed(live, reason)
    await studio.pass_time(3600)
    assert await studio.state(live) is LiveState.ON_AIR


async def test_a_viewer_who_goes_changes_nothing(studio: Studio, live: LiveId) -> None:
    await studio.on_air(live)
    await studio.closed(live, "timeout", role="watch")
    assert await studio.state(live) is LiveState.ON_AIR


async def test_an_attempt_that_fails_leaves_time_for_another(studio: Studio, live: LiveId) -> None:
    await studio.closed(live, "failed")
    await studio.pass_time(120)
    assert await studio.state(live) is LiveState.WAITING
    await studio.on_air(live)
    assert await studio.state(live) is LiveState.ON_AIR


async def test_announced_and_never_begun(studio: Studio, live: LiveId) -> None:
    await studio.pass_time(899)
    assert studio.ended == []
    await studio.pass_time(1)
    assert studio.ended == [(live, "host_gone")]


async def test_ended_by_hand_ends_once(studio: Studio, live: LiveId) -> None:
    await studio.on_air(live)
    await studio.closed(live, "left")
    await studio.rows.set_state(live, LiveState.ENDED, studio.now)
    studio.bus.publish(LiveEnded(live, "by_host"))
    await studio.pass_time(3600)
    await studio.on_air(live)  # a packet that was on its way
    assert studio.ended == [(live, "by_host")]
    assert await studio.state(live) is LiveState.ENDED


async def test_a_restart_gives_the_host_a_minute(studio: Studio) -> None:
    gone, back, waiting = [await studio.announce() for studio.now in (1000.0, 1001.0, 1002.0)]
    await studio.on_air(gone)
    await studio.on_air(back)
    studio.restart()
    studio.now = 5000.0
    await studio.lives.adopt()
    assert await studio.state(gone) is LiveState.INTERRUPTED
    assert await studio.state(back) is LiveState.INTERRUPTED
    await studio.pass_time(30)
    await studio.on_air(back)
    await studio.pass_time(30)
    assert sorted(studio.ended) == sorted([(gone, "host_gone"), (waiting, "host_gone")])
    assert await studio.state(back) is LiveState.ON_AIR


async def test_a_database_that_is_away_delays_the_end(studio: Studio, live: LiveId) -> None:
    class Away(LiveRows):
        away = True

        async def get(self, live_id: LiveId) -> Any:
            if self.away:
                raise OSError("disk")
            return await super().get(live_id)

    rows = Away(studio.db)
    studio.rows = rows
    studio.restart()
    studio.bus.publish(LiveCreated(live))
    await studio.pass_time(900)
    assert studio.ended == []
    rows.away = False
    await studio.pass_time(60)
    assert studio.ended == [(live, "host_gone")]


@pytest.mark.parametrize("state", [LiveState.ON_AIR, LiveState.INTERRUPTED])
async def test_an_end_in_between_is_no_failure(
    studio: Studio, live: LiveId, state: LiveState
) -> None:
    """The host ends it after we looked and before we write."""

    class EndsInBetween(LiveRows):
        async def get(self, live_id: LiveId) -> Any:
            found = await super().get(live_id)
            await super().set_state(live_id, LiveState.ENDED, 1.0)
            return found

    if state is LiveState.INTERRUPTED:
        await studio.on_air(live)
    studio.rows = EndsInBetween(studio.db)
    studio.restart()
    with capture_logs() as logs:
        if state is LiveState.ON_AIR:
            await studio.on_air(live)
        else:
            await studio.closed(live, "left")
    assert [entry["event"] for entry in logs] == ["x dropped: too late"]
    assert (await LiveRows(studio.db).get(live)).state is LiveState.ENDED
    await studio.pass_time(60)
    assert studio.ended == []


async def test_other_rooms_are_none_of_its_business(studio: Studio) -> None:
    studio.lives.on_media(PublicationStarted(RoomKey("map/x"), PeerKey("m_1:s1")))
    await studio.background.settle()
