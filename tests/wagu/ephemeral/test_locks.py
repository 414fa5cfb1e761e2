"""The spin lock over every store: one at a time inside, and nothing left of who went away."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from tests.wagu.ephemeral.conftest import ManualClock
from wagu.ephemeral.locks import FIRST_PAUSE, LONGEST_PAUSE, Locks, pauses
from wagu.ephemeral.memory import MemoryStore
from wagu.ephemeral.store import EphemeralStore, Hold
from wagu.errors import Conflict, Unavailable

SHORT = 0.2
LONG = 600.0


@pytest.fixture
def locks(store: EphemeralStore) -> Locks:
    return Locks(store)


async def free(store: EphemeralStore) -> bool:
    return await store.held("lock/n") is None


async def test_one_at_a_time_is_inside(store: EphemeralStore, locks: Locks) -> None:
    """Read, do something else, write: without the lock, most of it would be lost."""
    inside: list[int] = []
    fences: list[int] = []

    async def add_one(number: int) -> None:
        async with locks.locked("n", ttl=LONG, patience=LONG) as grip:
            inside.append(number)
            assert inside == [number]
            before = int(await store.get("sum") or "0")
            await asyncio.sleep(0)
            await store.put("sum", str(before + 1), LONG)
            fences.append(grip.fence)
            inside.remove(number)

    await asyncio.gather(*(add_one(number) for number in range(30)))
    assert await store.get("sum") == "30"
    assert fences == sorted(set(fences)), "each has a later one than the one before"
    assert await free(store)


async def test_names_are_apart(locks: Locks) -> None:
    async with locks.locked("a"), locks.locked("b", patience=0):
        pass


async def test_what_fails_inside_leaves_it_free(store: EphemeralStore, locks: Locks) -> None:
    with pytest.raises(ZeroDivisionError):
        async with locks.locked("n"):
            raise ZeroDivisionError
    assert await free(store)


async def test_who_waited_long_enough_is_told(store: EphemeralStore, locks: Locks) -> None:
    async with locks.locked("n", ttl=LONG):
        for patience in (0.0, 0.03):
            with pytest.raises(Unavailable) as caught:
                await Locks(store).locked("n", patience=patience).__aenter__()
            assert caught.value.code == "lock.busy"
    assert await free(store)


async def test_who_outlives_it_loses_it_and_writes_nothing_any_more(subject: Any) -> None:
    store: EphemeralStore = subject.store
    async with AsyncExitStack() as late, AsyncExitStack() as next_one:
        slow = await late.enter_async_context(Locks(store).locked("n", ttl=SHORT))
        assert await store.put_fenced("v", "처음", slow.fence, LONG)
        await subject.let_pass(SHORT)
        fast = await next_one.enter_async_context(Locks(store).locked("n", ttl=LONG, patience=0))
        assert fast.fence > slow.fence
        assert await store.put_fenced("v", "다음", fast.fence, LONG)

        assert not await store.put_fenced("v", "늦었다", slow.fence, LONG)
        with pytest.raises(Conflict) as caught:
            await slow.renew()
        assert caught.value.code == "lock.lost"
        with capture_logs() as logs:
            await late.pop_all().aclose()
        assert [each["log_level"] for each in logs if "lock" in each["event"]] == ["warning"]
        hold = await store.held("lock/n")
        assert hold is not None, "a late release frees nothing of the successor's"
        assert hold.fence == fast.fence
        await fast.renew()
    assert await store.get_fenced("v") == "다음"
    assert await free(store)


async def test_a_renewed_one_lives_on() -> None:
    clock = ManualClock()
    store = MemoryStore(clock)
    async with Locks(store).locked("n", ttl=10) as grip:
        for _ in range(3):
            clock.now += 9
            await grip.renew()
        assert not await free(store)


# ---------------------------------------------------------------------------------------- waiting


def test_pauses_grow_to_a_bound_and_differ() -> None:
    shortest, longest = (list(islice(pauses(by), 8)) for by in (lambda: 0.0, lambda: 1.0))
    assert longest[:4] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE, 8 * FIRST_PAUSE]
    assert longest[-1] == LONGEST_PAUSE
    assert shortest == [each / 2 for each in longest]


async def test_no_release_is_missed() -> None:
    """Whoever waits asks again after the release, within the longest pause."""
    store = MemoryStore(lambda: 1.0)
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 10:
            await store.let_go("lock/n", "somebody")
        await asyncio.sleep(0)

    await store.hold("lock/n", "somebody", LONG)
    async with Locks(store, sleep=sleep).locked("n", patience=LONG):
        assert len(slept) == 10
    assert max(slept) <= LONGEST_PAUSE


async def test_the_last_pause_is_as_long_as_patience_lasts(store: EphemeralStore) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await asyncio.sleep(seconds)

    await store.hold("lock/n", "somebody", LONG)
    with pytest.raises(Unavailable):
        await Locks(store, sleep=sleep, chance=lambda: 1.0).locked("n", patience=0.02).__aenter__()
    assert sum(slept) < 0.021


# ------------------------------------------------------------------------------------- cancelling


class Halting:
    """A store whose answers to `hold` wait for `go_on`, and may get lost."""

    def __init__(self, store: EphemeralStore, *, fails: bool) -> None:
        self.store = store
        self.asked, self.go_on = asyncio.Event(), asyncio.Event()
        self._fails = fails

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    async def hold(self, key: str, owner: str, ttl: float) -> Hold:
        hold = await self.store.hold(key, owner, ttl)
        self.asked.set()
        await self.go_on.wait()
        if self._fails:
            raise Unavailable("store.unavailable", "")
        return hold


async def enter(locks: Locks) -> None:
    async with locks.locked("n"):
        raise AssertionError("it was cancelled")


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("fails", [False, True])
async def test_who_is_cancelled_before_the_answer_came_leaves_nothing(
    fails: bool, times: int
) -> None:
    halting = Halting(MemoryStore(lambda: 1.0), fails=fails)
    waiter = asyncio.create_task(enter(Locks(halting)))
    await halting.asked.wait()
    for _ in range(times):
        waiter.cancel()
        await asyncio.sleep(0)
    halting.go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await waiter
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.gather(*rest, return_exceptions=True)
    assert await free(halting.store)


async def test_who_is_cancelled_while_waiting_leaves_nothing(
    store: EphemeralStore, locks: Locks
) -> None:
    pausing = asyncio.Event()

    async def sleep(_seconds: float) -> None:
        pausing.set()
        await asyncio.Event().wait()

    async with locks.locked("n", ttl=LONG) as grip:
        waiter = asyncio.create_task(enter(Locks(store, sleep=sleep)))
        await pausing.wait()
        waiter.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiter
        await grip.renew()
    assert await free(store)


async def test_who_is_cancelled_inside_frees_it(store: EphemeralStore, locks: Locks) -> None:
    inside = asyncio.Event()

    async def stay() -> None:
        async with locks.locked("n", ttl=LONG):
            inside.set()
            await asyncio.Event().wait()

    holder = asyncio.create_task(stay())
    await inside.wait()
    holder.cancel()
    with pytest.raises(asyncio.CancelledError):
        await holder
    assert await free(store)


# ------------------------------------------------------------------------------ whatever happens

people = st.sampled_from("abc")
steps = st.one_of(
    st.tuples(st.just("hold"), people),
    st.tuples(st.just("let_go"), people),
    st.tuples(st.just("prolong"), people),
    st.tuples(st.just("write"), people),
    st.tuples(st.just("pass"), st.sampled_from([1.0, 4.0, 5.0])),
)


@given(st.lists(steps, max_size=60))
def test_a_later_holder_is_never_overruled(history: list[tuple[str, Any]]) -> None:
    """Holders that sleep past their time and then go on, in any order: what is written never goes
    back to an earlier fence, and nobody but its holder ends or prolongs a hold."""
    now = 1000.0
    store = MemoryStore(lambda: now)
    believed: dict[str, int] = {}  # the fence that each took last, lost meanwhile or not
    holder, till, newest, written = "", 0.0, 0, 0

    async def play() -> None:
        nonlocal now, holder, till, newest, written
        for step, who in history:
            mine = holder == who and till > now
            if step == "pass":
                now += who
            elif step == "hold":
                hold = await store.hold("k", who, 5.0)
                if till <= now:
                    assert (hold.owner, hold.fence > newest) == (who, True)
                    holder, newest = who, hold.fence
                assert (hold.owner, hold.fence) == (holder, newest)
                if hold.owner == who:
                    believed[who], till = hold.fence, now + 5.0
            elif step == "prolong":
                assert await store.prolong(["k"], who, 5.0) == ({"k"} if mine else set())
                till = now + 5.0 if mine else till
            elif step == "let_go":
                assert await store.let_go("k", who) == mine
                till = now if mine else till
            elif who in believed:
                fence = believed[who]
                assert await store.put_fenced("v", who, fence, LONG) == (fence >= written)
                written = max(written, fence)
            hold_now = await store.held("k")
            assert hold_now == (Hold(holder, newest) if till > now else None)

    asyncio.run(play())
