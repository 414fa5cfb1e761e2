"""What only the Redis store has: a server that may go away and come back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from redis.asyncio import Redis

from tests.redis_server import MakeRedis
from wagu.domain.ballot import Nomination, NomineeId
from wagu.domain.person import PersonId
from wagu.ephemeral import forget_all
from wagu.ephemeral.redis import ANSWER_WITHIN, RedisStore
from wagu.ephemeral.store import FENCE_KEPT
from wagu.errors import Unavailable

LONG = 600.0


async def test_it_comes_back_after_the_server_did(own_redis: MakeRedis) -> None:
    redis = own_redis()
    store = RedisStore(redis.url)
    await store.start()
    at_noon = Nomination("을지면옥", (37.5, 127.0), PersonId("g_a"))
    await store.nominate("b", at_noon, LONG)
    redis.kill()
    for attempt in (store.get("a"), store.ballot("b"), store.ping()):
        with pytest.raises(Unavailable) as caught:
            await attempt
        assert caught.value.code == "store.unavailable"
    redis.start()  # empty, and it has forgotten the scripts
    await store.put("a", "1", LONG)
    assert await store.get("a") == "1"
    await store.nominate("b", at_noon, LONG)
    mine = await store.vote("b", PersonId("g_a"), NomineeId("n-1"), on=True, ttl=LONG)
    assert mine.nominees == ("n-1",)
    await store.close()


async def test_a_server_that_is_silent_is_given_up_and_asked_again_later(
    own_redis: MakeRedis,
) -> None:
    redis = own_redis()
    store = RedisStore(redis.url)
    await store.put("a", "1", LONG)
    redis.freeze()
    async with asyncio.timeout(3 * ANSWER_WITHIN):  # four attempts in full would take longer
        silence = await asyncio.gather(*(store.get("a") for _ in range(3)), return_exceptions=True)
    assert [type(each) for each in silence] == [Unavailable] * 3
    redis.thaw()
    assert await store.get("a") == "1"
    await store.close()


async def test_who_waits_for_a_connection_is_not_overtaken_for_good(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten ask for two connections, each again as soon as it was answered."""
    monkeypatch.setattr("wagu.ephemeral.redis.CONNECTIONS_MAX", 2)
    store = RedisStore(redis_url)
    answered = [0] * 10
    apart = 0

    async def ask(number: int) -> None:
        nonlocal apart
        while max(answered) < 30:
            await store.get("a")
            answered[number] += 1
            apart = max(apart, max(answered) - min(answered))

    await asyncio.gather(*(ask(number) for number in range(10)))
    assert apart <= 2
    await store.close()


async def test_a_server_that_is_not_there_is_unavailable(free_port: Callable[[], int]) -> None:
    store = RedisStore(f"redis://127.0.0.1:{free_port()}/0")
    with pytest.raises(Unavailable):
        await store.start()
    await store.close()


async def test_every_key_has_the_prefix_and_expires(redis_url: str) -> None:
    store = RedisStore(redis_url, prefix="test:")
    nominee = NomineeId("n-1")
    person = PersonId("g_a")
    await store.put("v", "1", LONG)
    await store.swap("s", None, "1", LONG)
    await store.append("l", "1", once="1", keep=5, ttl=LONG)
    await store.nominate("b", Nomination("가", (37.5, 127.0), person), LONG)
    await store.vote("b", person, nominee, on=True, ttl=LONG)
    await store.set_done("b", person, on=True, ttl=LONG)
    await store.close_ballot("b", None, LONG)
    await store.next_round("b", frozenset((nominee,)), LONG)
    await store.withdraw("b", nominee, person, host=False, ttl=LONG)
    await store.hold("h", "a", LONG)
    await store.prolong(["h", "never held"], "a", LONG)
    await store.let_go("h", "a")
    await store.put_fenced("f", "1", 1, LONG)
    await store.ballot("never touched")
    await store.held("never held")
    await store.let_go("never held", "a")
    async with Redis.from_url(redis_url, decode_responses=True) as redis:
        keys = sorted(await redis.keys("*"))
        assert keys == [f"test:{name}" for name in "bfhlsv"]
        for key in keys:
            kept = FENCE_KEPT if key == "test:h" else 0
            assert 0 < await redis.pttl(key) <= (LONG + kept) * 1000
    await store.close()


async def test_forgetting_takes_every_key_of_ours_and_no_other(
    redis_url: str, tmp_path: Path
) -> None:
    ours, others = RedisStore(redis_url), RedisStore(redis_url, prefix="another:")
    for number in range(30):
        await ours.put(f"session:{number}", "1", LONG)
    await others.put("session:1", "1", LONG)
    await forget_all(redis_url, tmp_path)
    assert [await ours.get(f"session:{number}") for number in range(30)] == [None] * 30
    assert await others.get("session:1") == "1"
    await ours.close()
    await others.close()
