"""What only the Redis store has: a server that may go away and come back."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from wagu.domain.ballot import Nomination, NomineeId
from wagu.domain.person import PersonId
from wagu.ephemeral import forget_all
from wagu.ephemeral.redis import RedisStore
from wagu.ephemeral.store import FENCE_KEPT
from wagu.errors import Unavailable

LONG = 600.0


class OwnRedis:
    """A redis-server that this test may kill."""

    def __init__(self, port: int, folder: Path) -> None:
        self.port = port
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        program = shutil.which("redis-server")
        assert program is not None
        log = self._folder / "log"
        log.write_bytes(b"")
        command = [program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        self._process = subprocess.Popen(
            [*command, "--dir", str(self._folder), "--logfile", str(log)]
        )
        while b"Ready to accept connections" not in log.read_bytes():
            assert self._process.poll() is None, log.read_text()

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()


@pytest.fixture
def own_redis(
    redis_server: str, free_port: Callable[[], int], tmp_path: Path
) -> Iterator[OwnRedis]:
    """`redis_server` is asked for because it skips where there is no Redis to start."""
    own = OwnRedis(free_port(), tmp_path)
    own.start()
    yield own
    own.kill()


async def test_it_comes_back_after_the_server_did(own_redis: OwnRedis) -> None:
    store = RedisStore(own_redis.url)
    await store.start()
    at_noon = Nomination("을지면옥", (37.5, 127.0), PersonId("g_a"))
    await store.nominate("b", at_noon, LONG)
    own_redis.kill()
    for attempt in (store.get("a"), store.ballot("b"), store.ping()):
        with pytest.raises(Unavailable) as caught:
            await attempt
        assert caught.value.code == "store.unavailable"
    own_redis.start()  # empty, and it has forgotten the scripts
    await store.put("a", "1", LONG)
    assert await store.get("a") == "1"
    await store.nominate("b", at_noon, LONG)
    mine = await store.vote("b", PersonId("g_a"), NomineeId("n-1"), on=True, ttl=LONG)
    assert mine.nominees == ("n-1",)
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
