"""The store of many processes: Redis or Valkey, one Lua script per operation of a ballot or hold.

Lost connections are retried. A retry may repeat an operation whose answer got lost: everything here
is idempotent except swap, nominate, withdraw and next_round, whose repetition is refused by their
own rules (their callers read again), let_go, which then says False, and increment, which then
counts once too often. A key that does not answer in time raises Unavailable store.unavailable.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterable
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any, cast

import msgspec
import structlog
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialWithJitterBackoff
from redis.commands.core import AsyncScript
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import NoScriptError, RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from wagu.domain import ballot as rules
from wagu.domain.ballot import BallotView, Mine, Nomination, Nominee, NomineeId, Phase, Result
from wagu.domain.person import PersonId
from wagu.ephemeral.store import FENCE_KEPT, Appended, Counted, Hold, Line, unavailable

log = structlog.get_logger("wagu.ephemeral.redis")

CONNECTIONS_MAX = 64
ANSWER_WITHIN = 5.0
"""Seconds in all: for a connection to be had, an answer, and a second attempt on a new connection
where the first was silent."""
RETRIES = 3

_BALLOT_SCRIPTS = (
    "view", "mine", "nominate", "withdraw", "vote", "set_done", "close_ballot", "next_round",
)  # fmt: skip
_HOLD_SCRIPTS = ("hold", "held", "prolong", "let_go")


class _StoredNominee(msgspec.Struct, frozen=True):
    """`spelling` is for the script that looks for the same place twice."""

    name: str
    spelling: str
    at: tuple[float, float]
    by: PersonId
    place_id: int | None
    category: str | None
    by_name: str = ""


class RedisStore:
    def __init__(self, url: str, *, prefix: str = "wagu:") -> None:
        self._prefix = prefix
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=CONNECTIONS_MAX,
            timeout=ANSWER_WITHIN,
            decode_responses=True,
            socket_timeout=ANSWER_WITHIN / 2,
            socket_connect_timeout=ANSWER_WITHIN / 2,
            retry=Retry(ExponentialWithJitterBackoff(cap=0.5, base=0.05), RETRIES),
            retry_on_error=[RedisConnectionError, RedisTimeoutError],
        )
        self._redis = Redis(connection_pool=pool)
        self._turns = asyncio.Semaphore(CONNECTIONS_MAX)
        prelude = _lua("prelude")
        self._scripts = {
            name: self._redis.register_script(prelude + _lua(name)) for name in _BALLOT_SCRIPTS
        }
        self._swap = self._redis.register_script(_lua("swap"))
        self._increment = self._redis.register_script(_lua("increment"))
        self._append = self._redis.register_script(_lua("append"))
        self._erase = self._redis.register_script(_lua("erase"))
        holding = _lua("holding")
        self._holds = {
            name: self._redis.register_script(holding + _lua(name)) for name in _HOLD_SCRIPTS
        }
        self._put_fenced = self._redis.register_script(_lua("put_fenced"))

    async def start(self) -> None:
        await self.ping()
        log.info("= connected")

    async def close(self) -> None:
        await self._redis.aclose()
        await self._redis.connection_pool.disconnect()

    async def ping(self) -> None:
        async with self._asking():
            await self._redis.ping()

    async def forget_all(self) -> None:
        """Every key of ours, however long it takes."""
        async with self._asking(within=None):
            async for key in self._redis.scan_iter(f"{self._prefix}*", count=1000):
                await self._redis.delete(key)

    # ------------------------------------------------------------------------------------ values

    async def get(self, key: str) -> str | None:
        async with self._asking():
            return cast("str | None", await self._redis.get(self._prefix + key))

    async def put(self, key: str, value: str, ttl: float) -> None:
        async with self._asking():
            await self._redis.set(self._prefix + key, value, px=_ms(ttl))

    async def swap(self, key: str, expected: str | None, value: str, ttl: float) -> bool:
        wanted = [] if expected is None else [expected]
        return bool(await self._run(self._swap, key, _ms(ttl), value, *wanted))

    async def delete(self, key: str) -> None:
        async with self._asking():
            await self._redis.delete(self._prefix + key)

    async def touch(self, key: str, ttl: float) -> None:
        async with self._asking():
            await self._redis.pexpire(self._prefix + key, _ms(ttl))

    async def increment(self, key: str, by: int, ttl: float) -> Counted:
        total, left = await self._run(self._increment, key, _ms(ttl), by)
        return Counted(int(total), int(left) / 1000)

    # -------------------------------------------------------------------------------------- logs

    async def append(self, key: str, text: str, *, once: str, keep: int, ttl: float) -> Appended:
        number, kept, fresh = await self._run(self._append, key, _ms(ttl), text, once, keep)
        return Appended(Line(number, kept), bool(fresh))

    async def erase(self, key: str, number: int, ttl: float) -> bool:
        return bool(await self._run(self._erase, key, _ms(ttl), number))

    async def tail(self, key: str) -> tuple[Line, ...]:
        async with self._asking():
            fields: dict[str, str] = await cast(
                "Awaitable[dict[str, str]]", self._redis.hgetall(self._prefix + key)
            )
        numbers = sorted(int(name[2:]) for name in fields if name.startswith("l:"))
        lines = (Line(number, fields[f"l:{number}"]) for number in numbers)
        return tuple(line for line in lines if line.text)

    # ----------------------------------------------------------------------------------- ballots

    async def ballot(self, key: str) -> BallotView:
        return _view(await self._ballot("view", key, 0))

    async def mine(self, key: str, person: PersonId) -> Mine:
        return _mine(await self._ballot("mine", key, 0, person))

    async def nominate(self, key: str, nomination: Nomination, ttl: float) -> BallotView:
        stored = _StoredNominee(
            nomination.name,
            rules.spelling(nomination.name),
            nomination.at,
            nomination.by,
            nomination.place_id,
            nomination.category,
            nomination.by_name,
        )
        answer = await self._ballot(
            "nominate",
            key,
            ttl,
            msgspec.json.encode(stored).decode(),
            stored.spelling,
            repr(stored.at[0]),
            repr(stored.at[1]),
            "" if stored.place_id is None else stored.place_id,
            rules.NOMINEES_MAX,
            rules.SAME_SPOT,
            rules.METRES_PER_DEGREE,
        )
        return _view(answer)

    async def withdraw(
        self, key: str, nominee: NomineeId, by: PersonId, *, host: bool, ttl: float
    ) -> BallotView:
        return _view(await self._ballot("withdraw", key, ttl, nominee, by, int(host)))

    async def vote(
        self, key: str, person: PersonId, nominee: NomineeId, *, on: bool, ttl: float
    ) -> Mine:
        return _mine(await self._ballot("vote", key, ttl, person, nominee, int(on)))

    async def set_done(self, key: str, person: PersonId, *, on: bool, ttl: float) -> BallotView:
        return _view(await self._ballot("set_done", key, ttl, person, int(on)))

    async def close_ballot(
        self, key: str, present: frozenset[PersonId] | None, ttl: float
    ) -> BallotView:
        condition: tuple[str, ...] = ("0",) if present is None else ("1", *present)
        return _view(await self._ballot("close_ballot", key, ttl, *condition))

    async def next_round(self, key: str, keep: frozenset[NomineeId], ttl: float) -> BallotView:
        return _view(await self._ballot("next_round", key, ttl, *keep))

    # ------------------------------------------------------------------------------------- holds

    async def hold(self, key: str, owner: str, ttl: float) -> Hold:
        return Hold(*await self._run(self._holds["hold"], key, *_holding(owner, ttl)))

    async def held(self, key: str) -> Hold | None:
        answer: list[Any] = await self._run(self._holds["held"], key)
        return Hold(*answer) if answer else None

    async def prolong(self, keys: Iterable[str], owner: str, ttl: float) -> frozenset[str]:
        keys, script = tuple(keys), self._holds["prolong"]
        args = _holding(owner, ttl)
        async with self._asking():
            answers = await self._each(script, keys, *args)
            if any(isinstance(each, NoScriptError) for each in answers):
                await self._redis.script_load(script.script)
                answers = await self._each(script, keys, *args)
            for each in answers:
                if isinstance(each, Exception):
                    raise each
        return frozenset(key for key, mine in zip(keys, answers, strict=True) if mine)

    async def let_go(self, key: str, owner: str) -> bool:
        return bool(await self._run(self._holds["let_go"], key, *_holding(owner, 0)))

    async def put_fenced(self, key: str, value: str, fence: int, ttl: float) -> bool:
        return bool(await self._run(self._put_fenced, key, _ms(ttl), value, fence))

    async def get_fenced(self, key: str) -> str | None:
        async with self._asking():
            found = self._redis.hget(self._prefix + key, "value")
            return await cast("Awaitable[str | None]", found)

    # ----------------------------------------------------------------------------------- scripts

    async def _ballot(self, name: str, key: str, ttl: float, *args: str | float) -> list[str]:
        """The script's answer; raises what it refused."""
        answer: list[str] = await self._run(self._scripts[name], key, _ms(ttl), *args)
        if len(answer) == 2 and answer[0] == "refused":
            raise rules.refusal(answer[1])
        return answer

    async def _run(self, script: AsyncScript, key: str, *args: str | float) -> Any:
        async with self._asking():
            return await script(keys=[self._prefix + key], args=args)

    async def _each(
        self, script: AsyncScript, keys: Iterable[str], *args: str | float
    ) -> list[Any]:
        """Once for each key, all in one round trip; answers may be exceptions."""
        async with self._redis.pipeline(transaction=False) as pipeline:
            for key in keys:
                pipeline.evalsha(script.sha, 1, self._prefix + key, *args)
            return await pipeline.execute(raise_on_error=False)

    @asynccontextmanager
    async def _asking(self, within: float | None = ANSWER_WITHIN) -> AsyncIterator[None]:
        """With a connection to be had, in the order of asking: by itself the pool gives one that
        was just returned to whoever asks next, and those who wait may do so for good."""
        try:
            async with asyncio.timeout(within), self._turns:
                yield
        except (RedisError, OSError) as wrong:
            log.error("x dropped: no answer", error=repr(wrong))
            raise unavailable() from wrong


def _lua(name: str) -> str:
    return files("wagu.ephemeral").joinpath("lua", f"{name}.lua").read_text(encoding="utf-8")


def _ms(ttl: float) -> int:
    return max(1, round(ttl * 1000))


def _holding(owner: str, ttl: float) -> tuple[int, str, int]:
    """What the scripts of holds are called with."""
    return _ms(ttl), owner, _ms(ttl + FENCE_KEPT)


def _pairs(flat: list[str]) -> Iterable[tuple[str, str]]:
    return zip(flat[::2], flat[1::2], strict=True)


def _view(flat: list[str]) -> BallotView:
    fields = dict(_pairs(flat))
    ids = [NomineeId(each) for each in fields.get("ids", "").split()]
    closed = fields.get("phase") == Phase.CLOSED
    counts = {each: int(fields.get(f"c:{each}", 0)) for each in ids}
    result: Result | None = rules.count(counts, int(fields["voters"])) if closed else None
    return BallotView(
        round=int(fields.get("round", 1)),
        version=int(fields.get("version", 0)),
        phase=Phase.CLOSED if closed else Phase.OPEN,
        nominees=tuple(_nominee(each, fields[f"n:{each}"]) for each in ids),
        done=frozenset(PersonId(name[2:]) for name in fields if name.startswith("d:")),
        result=result,
    )


def _nominee(nominee: NomineeId, text: str) -> Nominee:
    stored = msgspec.json.decode(text, type=_StoredNominee)
    return Nominee(
        nominee,
        stored.name,
        stored.at,
        stored.by,
        stored.place_id,
        stored.category,
        stored.by_name,
    )


def _mine(answer: list[str]) -> Mine:
    round_, version, ids, chosen = answer
    voted = chosen.split()
    return Mine(
        int(round_), int(version), tuple(NomineeId(each) for each in ids.split() if each in voted)
    )
