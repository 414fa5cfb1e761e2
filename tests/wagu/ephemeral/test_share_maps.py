"""Share maps: alive while used, and a tombstone that says how they died."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from wagu.domain.person import MemberId, Person, PersonId
from wagu.ephemeral.memory import MemoryStore
from wagu.ephemeral.share_maps import ShareMap, ShareMaps
from wagu.ephemeral.store import EphemeralStore
from wagu.errors import Gone, NotFound, Unavailable, WaguError

JIMIN = Person(PersonId("m_12"), "member", "지민", MemberId(12))
MINSU = Person(PersonId("m_13"), "member", "민수", MemberId(13))


@pytest.fixture
def maps(clock: Any) -> ShareMaps:
    return ShareMaps(MemoryStore(clock), clock)


async def made(maps: ShareMaps, host: Person = JIMIN, title: str = "금요일 저녁") -> ShareMap:
    return await maps.create(host, title, require_account=False)


async def fate(maps: ShareMaps, map_id: str) -> str:
    with pytest.raises((NotFound, Gone)) as caught:
        await maps.get(map_id)
    error: WaguError = caught.value
    return error.code


async def test_a_map_comes_back_as_it_was_made(store: EphemeralStore) -> None:
    maps = ShareMaps(store, lambda: 1000.0)
    share_map = await maps.create(JIMIN, "금요일 저녁", require_account=True)
    assert share_map.title == "금요일 저녁"
    assert (share_map.host.id, share_map.host.name) == ("m_12", "지민")
    assert share_map.require_account
    assert share_map.expires_at == 4600.0
    assert await maps.get(share_map.id) == share_map


async def test_an_id_holds_128_bits(maps: ShareMaps) -> None:
    share_map = await made(maps)
    assert len(share_map.id) == 22
    assert share_map.id != (await made(maps)).id


async def test_an_unknown_map_is_unknown(maps: ShareMaps) -> None:
    assert await fate(maps, "nope") == "share_map.unknown"


async def test_a_map_expires_after_an_hour_without_use(maps: ShareMaps, clock: Any) -> None:
    share_map = await made(maps)
    clock.now += 3599
    await maps.get(share_map.id)
    clock.now += 1
    assert await fate(maps, share_map.id) == "share_map.expired"


async def test_use_keeps_a_map_alive(maps: ShareMaps, clock: Any) -> None:
    share_map = await made(maps)
    for _ in range(5):
        clock.now += 3000
        touched = await maps.touch(share_map.id)
        assert touched.expires_at == clock.now + 3600
    assert (await maps.get(share_map.id)).expires_at == clock.now + 3600


async def test_use_is_written_at_most_every_30_s(maps: ShareMaps, clock: Any) -> None:
    share_map = await made(maps)
    clock.now += 29
    assert await maps.touch(share_map.id) == share_map
    clock.now += 1
    assert (await maps.touch(share_map.id)).last_used == clock.now


async def test_use_does_not_revive_an_expired_map(maps: ShareMaps, clock: Any) -> None:
    share_map = await made(maps)
    clock.now += 3600
    with pytest.raises(Gone):
        await maps.touch(share_map.id)
    assert await fate(maps, share_map.id) == "share_map.expired"


async def test_an_ended_map_says_so(maps: ShareMaps, clock: Any) -> None:
    share_map = await made(maps)
    await maps.end(share_map.id)
    assert await fate(maps, share_map.id) == "share_map.ended"
    clock.now += 7200
    assert await fate(maps, share_map.id) == "share_map.ended"
    await maps.end(share_map.id)


class LosesAnswers(MemoryStore):
    """Does what it is asked, and once the answer is lost: retried (a second time, as a client of
    Redis does) or, without `retries`, given up."""

    def __init__(self, clock: Any, *, retries: bool) -> None:
        super().__init__(clock)
        self.retries = retries
        self.armed = True

    async def swap(self, key: str, expected: str | None, value: str, ttl: float) -> bool:
        done = await super().swap(key, expected, value, ttl)
        if not self.armed:
            return done
        self.armed = False
        if self.retries:
            return await super().swap(key, expected, value, ttl)
        raise Unavailable("store.unavailable", "")


@pytest.mark.parametrize("retries", [True, False])
async def test_a_lost_answer_is_no_failed_end(clock: Any, retries: bool) -> None:
    maps = ShareMaps(LosesAnswers(clock, retries=retries), clock)
    share_map = await made(maps)
    await maps.end(share_map.id)
    assert await fate(maps, share_map.id) == "share_map.ended"


async def test_an_end_that_did_not_happen_is_an_error(
    clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = MemoryStore(clock)
    maps = ShareMaps(store, clock)
    share_map = await made(maps)

    async def away(*_: Any) -> bool:
        raise Unavailable("store.unavailable", "")

    monkeypatch.setattr(store, "swap", away)
    with pytest.raises(Unavailable):
        await maps.end(share_map.id)
    assert await maps.get(share_map.id) == share_map


async def test_an_expired_map_does_not_end(maps: ShareMaps, clock: Any) -> None:
    share_map = await made(maps)
    clock.now += 3600
    with pytest.raises(Gone):
        await maps.end(share_map.id)
    assert await fate(maps, share_map.id) == "share_map.expired"


async def test_a_tombstone_is_kept_for_a_week(maps: ShareMaps, clock: Any) -> None:
    share_map = await made(maps)
    clock.now += 3600 + 7 * 86_400 - 1
    assert await fate(maps, share_map.id) == "share_map.expired"
    clock.now += 1
    assert await fate(maps, share_map.id) == "share_map.unknown"


async def test_a_host_sees_open_maps_newest_first(maps: ShareMaps, clock: Any) -> None:
    first = await made(maps, title="첫째")
    clock.now += 1
    ended = await made(maps, title="끝난 것")
    clock.now += 1
    second = await made(maps, title="둘째")
    await made(maps, host=MINSU)
    await maps.end(ended.id)
    assert [each.id for each in await maps.hosted_by(JIMIN.id)] == [second.id, first.id]
    clock.now += 3599
    assert [each.id for each in await maps.hosted_by(JIMIN.id)] == [second.id]
    assert await maps.hosted_by(PersonId("m_99")) == []


async def test_a_map_used_for_weeks_stays_listed(maps: ShareMaps, clock: Any) -> None:
    share_map = await made(maps)
    for _ in range(14 * 24):
        clock.now += 3599
        await maps.touch(share_map.id)
    assert [each.id for each in await maps.hosted_by(JIMIN.id)] == [share_map.id]


async def test_touches_never_revive_what_ends_meanwhile(store: EphemeralStore) -> None:
    now = [1000.0]
    maps = ShareMaps(store, lambda: now[0])
    for _ in range(10):
        share_map = await maps.create(JIMIN, "", require_account=False)
        now[0] += 60
        await asyncio.gather(
            *(maps.touch(share_map.id) for _ in range(5)),
            maps.end(share_map.id),
            *(maps.touch(share_map.id) for _ in range(5)),
            return_exceptions=True,
        )
        assert await fate(maps, share_map.id) == "share_map.ended"
