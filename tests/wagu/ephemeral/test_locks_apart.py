"""The spin lock between processes, and what becomes of it when its Redis is killed."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import textwrap
from contextlib import AsyncExitStack

import pytest
from redis.asyncio import Redis

from tests.redis_server import MakeRedis
from wagu.ephemeral.leases import Leases
from wagu.ephemeral.locks import Locks
from wagu.ephemeral.redis import RedisStore
from wagu.errors import Conflict, Unavailable

LONG = 600.0
PROCESSES, TIMES = 3, 25

COUNTING = textwrap.dedent("""
    import asyncio, sys
    from wagu.ephemeral.locks import Locks
    from wagu.ephemeral.redis import RedisStore

    async def main():
        store = RedisStore(sys.argv[1])
        locks = Locks(store)

        async def add_one():
            async with locks.locked("n", ttl=60, patience=60) as grip:
                total = int(await store.get("sum") or "0") + 1
                assert await store.put_fenced("fenced", str(total), grip.fence, 600)
                await store.put("sum", str(total), 600)

        for _ in range(int(sys.argv[2])):
            await asyncio.gather(add_one(), add_one())
        await store.close()

    asyncio.run(main())
""")


async def test_processes_take_turns(redis_url: str) -> None:
    command = [sys.executable, "-c", COUNTING, redis_url, str(TIMES)]
    processes = [await asyncio.create_subprocess_exec(*command) for _ in range(PROCESSES)]
    try:
        async with asyncio.timeout(100):
            assert [await each.wait() for each in processes] == [0] * PROCESSES
    finally:
        for each in processes:
            if each.returncode is None:
                each.kill()
    store = RedisStore(redis_url)
    total = str(PROCESSES * TIMES * 2)
    assert (await store.get("sum"), await store.get_fenced("fenced")) == (total, total)
    assert await store.held("lock/n") is None
    await store.close()


async def test_who_died_inside_is_succeeded_when_its_time_is_over(redis_url: str) -> None:
    dying = textwrap.dedent("""
        import asyncio, os, signal, sys
        from wagu.ephemeral.locks import Locks
        from wagu.ephemeral.redis import RedisStore

        async def main():
            async with Locks(RedisStore(sys.argv[1])).locked("n", ttl=1.0):
                os.kill(os.getpid(), signal.SIGKILL)

        asyncio.run(main())
    """)
    code = await asyncio.to_thread(subprocess.call, [sys.executable, "-c", dying, redis_url])
    assert code == -9
    store = RedisStore(redis_url)
    async with Locks(store).locked("n", patience=30):
        pass
    await store.close()


@pytest.mark.parametrize("persists", [False, True])
async def test_a_lock_whose_server_was_killed(own_redis: MakeRedis, persists: bool) -> None:
    """Where it persists nothing, the lock is lost: its holder is told, and its fence is old."""
    redis = own_redis(persists=persists)
    store = RedisStore(redis.url)
    locks, ours = Locks(store), Leases(store, "a", LONG)
    async with AsyncExitStack() as inside:
        grip = await inside.enter_async_context(locks.locked("n", ttl=LONG))
        lease = await ours.take("map/1")
        waiter = asyncio.create_task(locks.locked("n", patience=LONG).__aenter__())
        await asyncio.sleep(0.05)
        redis.kill()
        for attempt in (grip.renew(), waiter, ours.renew(["map/1"])):
            with pytest.raises(Unavailable) as caught:
                await attempt
            assert caught.value.code == "store.unavailable"

        redis.start()
        if persists:
            await grip.renew()
            assert await ours.renew(["map/1"]) == {"map/1"}
            with pytest.raises(Unavailable, match=r"lock\.busy"):
                await locks.locked("n", patience=0.1).__aenter__()
        else:
            with pytest.raises(Conflict, match=r"lock\.lost"):
                await grip.renew()
            assert await ours.renew(["map/1"]) == frozenset()
            assert (await Leases(store, "b").take("map/1")).fence > lease.fence
            async with locks.locked("n", ttl=LONG, patience=0) as next_one:
                assert next_one.fence > grip.fence
    async with locks.locked("n", patience=0):
        pass
    async with Redis.from_url(redis.url) as looking:
        assert await looking.pttl("wagu:lock/n") > 0
    await store.close()
