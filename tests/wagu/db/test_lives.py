"""The rows of lives."""

from __future__ import annotations

import asyncio

import pytest

from wagu.db.accounts import Accounts
from wagu.db.keyset import LiveMark
from wagu.db.lives import LiveRows, LiveScope
from wagu.db.members import MemberRows
from wagu.db.places import PlaceRows
from wagu.domain.account import GRACE
from wagu.domain.live import Host, Live, LiveId, LiveState, UnknownTransition
from wagu.domain.person import MemberId
from wagu.domain.place import PlaceId, Point
from wagu.errors import Invalid, NotFound

pytestmark = pytest.mark.sql


@pytest.fixture
async def rows(db):
    members = MemberRows(db)
    await members.create(username="jimin", name="지민", password_hash="x", now=1.0)
    return LiveRows(db)


async def create(rows, title="x", now=10.0, place_id=None):
    return await rows.create(host=MemberId(1), title=title, place_id=place_id, now=now)


async def test_a_live_comes_back(db, rows):
    place = await PlaceRows(db).create(
        name="면옥",
        at=Point(1.5, 2.5),
        category=None,
        address="중구",
        created_by=MemberId(1),
        now=1.0,
    )
    made = await create(rows, place_id=place.id)
    host = Host("m_1", "지민", "jimin", None)
    assert made == Live(made.id, "x", host, place, LiveState.WAITING, 10.0, None, None, 0)
    assert await rows.get(made.id) == made
    assert len(made.id) == 22


async def test_what_is_unknown(rows):
    with pytest.raises(NotFound, match=r"live\.unknown"):
        await rows.get(LiveId("nope"))
    with pytest.raises(NotFound, match=r"live\.unknown"):
        await rows.set_state(LiveId("nope"), LiveState.ENDED, 1.0)
    with pytest.raises(Invalid, match=r"place\.unknown"):
        await create(rows, place_id=PlaceId(9))
    await rows.record_peak(LiveId("nope"), 3)


async def test_a_life_and_its_times(rows):
    live = (await create(rows)).id
    assert await rows.set_state(live, LiveState.ON_AIR, 11.0)
    assert not await rows.set_state(live, LiveState.ON_AIR, 12.0)
    assert await rows.set_state(live, LiveState.INTERRUPTED, 13.0)
    assert await rows.set_state(live, LiveState.ON_AIR, 14.0)
    assert await rows.set_state(live, LiveState.ENDED, 15.0)
    assert not await rows.set_state(live, LiveState.ENDED, 16.0)
    ended = await rows.get(live)
    assert (ended.state, ended.started_at, ended.ended_at) == (LiveState.ENDED, 11.0, 15.0)
    with pytest.raises(UnknownTransition):
        await rows.set_state(live, LiveState.ON_AIR, 17.0)
    assert (await rows.get(live)) == ended


async def test_of_many_who_end_it_one_did(rows):
    live = (await create(rows)).id
    ends = [rows.set_state(live, LiveState.ENDED, 1.0) for _ in range(5)]
    assert sorted(await asyncio.gather(*ends)) == [False] * 4 + [True]


async def test_the_active_ones_newest_first(rows):
    first, second = await create(rows, now=1.0), await create(rows, now=2.0)
    gone = await create(rows, now=3.0)
    await rows.set_state(gone.id, LiveState.ENDED, 4.0)
    assert [live.id for live in await rows.active()] == [second.id, first.id]


async def test_the_peak_only_rises(rows):
    live = (await create(rows)).id
    for viewers in (3, 7, 5):
        await rows.record_peak(live, viewers)
    assert (await rows.get(live)).peak_viewers == 7


# ----------------------------------------------------------------------------------------- for whom


@pytest.fixture
async def people(scene):
    return [await scene.member(name) for name in ("host", "viewer", "other")]


async def live_of(rows, host, now=10.0, *, ended=False, shown=True, place_id=None):
    made = await rows.create(host=host, title="x", place_id=place_id, now=now)
    if shown:
        await rows.set_state(made.id, LiveState.ON_AIR, now)
    if ended:
        await rows.set_state(made.id, LiveState.ENDED, now + 1)
    return made.id


async def ids(page):
    return [live.id for live in (await page).lives]


def on(rows, viewer, scope=LiveScope.EVERYONE, after=None, limit=10):
    return rows.on(scope, viewer=viewer, after=after, limit=limit)


@pytest.fixture
def lives(db):
    return LiveRows(db)


async def test_those_of_whom_one_follows(scene, people, lives):
    host, viewer, other = people
    await scene.follow(viewer, host)
    mine, theirs = await live_of(lives, host, 1.0), await live_of(lives, other, 2.0)
    await live_of(lives, host, 3.0, ended=True)
    assert await ids(on(lives, viewer)) == [theirs, mine]
    assert await ids(on(lives, viewer, LiveScope.FOLLOWING)) == [mine]
    assert await ids(on(lives, host, LiveScope.FOLLOWING)) == []
    assert await ids(on(lives, None, LiveScope.FOLLOWING)) == []


@pytest.mark.parametrize("who_blocked", ["host", "viewer"])
async def test_neither_of_two_who_blocked_sees_the_others(scene, people, lives, who_blocked):
    host, viewer, other = people
    await scene.block(*((host, viewer) if who_blocked == "host" else (viewer, host)))
    place = await scene.place(by=host)
    live = await live_of(lives, host, place_id=place)
    rest = {"after": None, "limit": 9}
    for someone, sees in ((viewer, []), (other, [live]), (host, [live]), (None, [live])):
        assert await ids(on(lives, someone)) == sees
        assert await ids(lives.by(host, viewer=someone, **rest)) == sees
        assert await ids(lives.at(place, viewer=someone, **rest)) == sees
    with pytest.raises(NotFound, match=r"live\.unknown"):
        await lives.seen(live, viewer)
    assert (await lives.seen(live, other)).id == live
    assert (await lives.get(live)).id == live


async def test_past_ones_are_kept_unless_nothing_was_ever_shown(scene, people, lives):
    host, viewer, _ = people
    place = await scene.place(by=host)
    past = await live_of(lives, host, 1.0, ended=True, place_id=place)
    await live_of(lives, host, 2.0, ended=True, shown=False, place_id=place)
    waiting = await live_of(lives, host, 3.0, shown=False, place_id=place)
    elsewhere = await live_of(lives, host, 4.0, ended=True)
    rest = {"viewer": viewer, "after": None, "limit": 9}
    assert await ids(lives.at(place, **rest)) == [waiting, past]
    assert await ids(lives.by(host, **rest)) == [elsewhere, waiting, past]


async def test_pages_of_the_same_moment(people, lives):
    host, viewer, _ = people
    made = [await live_of(lives, host, 5.0, ended=True) for _ in range(5)]
    found, after = [], None
    for _ in range(3):
        page = await lives.by(host, viewer=viewer, after=after, limit=2)
        found += [live.id for live in page.lives]
        after = None if page.next is None else LiveMark.read(str(page.next))
    assert after is None
    assert found == sorted(made, reverse=True)


async def test_they_go_with_their_host(db, scene, people, lives):
    host, viewer, _ = people
    accounts, live = Accounts(db), await live_of(lives, host, 5.0)
    assert await accounts.close(host, 6.0) == [live]
    with pytest.raises(NotFound):
        await lives.seen(live, viewer)
    assert await ids(lives.by(host, viewer=viewer, after=None, limit=9)) == []
    await accounts.restore(host, 7.0)
    assert (await lives.seen(live, viewer)).state is LiveState.ENDED
    await accounts.close(host, 8.0)
    assert await accounts.sweep(8.0 + GRACE) == set()
    with pytest.raises(NotFound):
        await lives.get(live)


@pytest.mark.parametrize("text", ["", "1-", "x-" + "a" * 22, "1-" + "a" * 21, "1e9-" + "a" * 22])
def test_a_mark_that_no_answer_ever_said(text):
    with pytest.raises(Invalid, match=r"request\.invalid"):
        LiveMark.read(text)
