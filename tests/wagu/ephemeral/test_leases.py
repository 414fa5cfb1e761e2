"""Leases over every store: one holder at a time, who renews or has lost it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from wagu.ephemeral.leases import Leases
from wagu.ephemeral.redis import RedisStore
from wagu.ephemeral.store import EphemeralStore
from wagu.errors import Unavailable

SHORT = 0.2


@pytest.fixture
def ours(store: EphemeralStore) -> Leases:
    return Leases(store, "node-a")


@pytest.fixture
def theirs(store: EphemeralStore) -> Leases:
    return Leases(store, "node-b")


async def test_who_comes_first_has_it_and_the_others_are_told_who(
    ours: Leases, theirs: Leases
) -> None:
    assert await ours.holder("map/1") is None
    lease = await ours.take("map/1")
    assert (lease.name, lease.holder) == ("map/1", "node-a")
    assert await theirs.take("map/1") == lease
    assert await theirs.holder("map/1") == "node-a"


async def test_taking_twice_is_one_lease(ours: Leases) -> None:
    assert await ours.take("map/1") == await ours.take("map/1")


async def test_names_are_apart(ours: Leases, theirs: Leases) -> None:
    await ours.take("map/1")
    assert (await theirs.take("map/2")).holder == "node-b"


async def test_of_many_nodes_at_once_one_gets_it(store: EphemeralStore) -> None:
    nodes = [Leases(store, f"node-{number}") for number in range(10)]
    told = await asyncio.gather(*(node.take("map/1") for node in nodes))
    assert len(set(told)) == 1


async def test_a_released_one_is_free_and_goes_on_by_a_later_fence(
    ours: Leases, theirs: Leases
) -> None:
    first = await ours.take("map/1")
    await ours.release("map/1")
    await ours.release("map/1")
    assert await ours.holder("map/1") is None
    second = await theirs.take("map/1")
    assert second.holder == "node-b"
    assert second.fence > first.fence


async def test_nobody_releases_what_is_somebody_elses(ours: Leases, theirs: Leases) -> None:
    await ours.take("map/1")
    await theirs.release("map/1")
    await theirs.release("map/2")
    assert await theirs.holder("map/1") == "node-a"


async def test_who_does_not_renew_has_lost_it(subject: Any) -> None:
    ours, theirs = Leases(subject.store, "a", SHORT), Leases(subject.store, "b", SHORT)
    before = await ours.take("map/1")
    await subject.let_pass(SHORT)
    assert await ours.holder("map/1") is None
    assert await ours.renew(["map/1"]) == frozenset()
    after = await theirs.take("map/1")
    assert (after.holder, after.fence > before.fence) == ("b", True)
    await ours.release("map/1")  # of a node that slept: too late to matter
    assert await ours.holder("map/1") == "b"


async def test_who_takes_anew_what_it_lost_has_a_new_fence(subject: Any) -> None:
    ours = Leases(subject.store, "a", SHORT)
    before = await ours.take("map/1")
    await subject.let_pass(SHORT)
    after = await ours.take("map/1")
    assert (after.holder, after.fence > before.fence) == ("a", True)


async def test_renewing_many_says_which_are_still_mine(ours: Leases, theirs: Leases) -> None:
    mine = [f"map/{number}" for number in range(50)]
    await asyncio.gather(*(ours.take(name) for name in mine))
    await theirs.take("live/1")
    assert await ours.renew([*mine, "live/1", "live/2"]) == frozenset(mine)
    assert await ours.renew([]) == frozenset()
    assert await theirs.holder("live/1") == "node-b"
    assert await theirs.holder("live/2") is None


async def test_who_renews_keeps_it(subject: Any) -> None:
    ours = Leases(subject.store, "a", 1.0)
    lease = await ours.take("map/1")
    await Leases(subject.store, "a", 60.0).renew(["map/1"])
    await subject.let_pass(1.0)
    assert await ours.take("map/1") == lease


async def test_renewing_is_one_round_trip(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the server has never heard of the script, or has forgotten it, it is a few."""
    store = RedisStore(redis_url)
    ours = Leases(store, "a")
    names = [f"map/{number}" for number in range(300)]
    await asyncio.gather(*(ours.take(name) for name in names))
    await store._redis.script_flush()
    assert await ours.renew(names) == frozenset(names)
    sent = 0
    pool = store._redis.connection_pool
    get_connection = pool.get_connection

    async def counted(*args: Any, **kwargs: Any) -> Any:
        connection = await get_connection(*args, **kwargs)
        send = connection.send_packed_command

        async def counting(*args: Any, **kwargs: Any) -> None:
            nonlocal sent
            sent += 1
            await send(*args, **kwargs)

        monkeypatch.setattr(connection, "send_packed_command", counting)
        return connection

    monkeypatch.setattr(pool, "get_connection", counted)
    assert await ours.renew(names) == frozenset(names)
    assert sent == 1
    await store.close()


async def test_without_its_store_it_says_so(free_port: Callable[[], int]) -> None:
    store = RedisStore(f"redis://127.0.0.1:{free_port()}/0")
    ours = Leases(store, "a")
    for attempt in (ours.take("m"), ours.holder("m"), ours.renew(["m"]), ours.release("m")):
        with pytest.raises(Unavailable):
            await attempt
    await store.close()
