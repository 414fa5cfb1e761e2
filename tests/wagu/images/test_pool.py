"""The line before the workers: its bound, its order, who leaves it, and idle workers. The workers
are fakes that finish when told; test_worker_process.py has real ones."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from wagu.errors import Unavailable
from wagu.images.jobs import Job, RenderedReply, RenderJob, Reply
from wagu.images.pool import Pool
from wagu.images.worker_process import WorkerProcess

Until = Callable[[Callable[[], object]], Awaitable[None]]


class FakeWorker(WorkerProcess):
    """Each job waits for its gate, by name."""

    def __init__(self, house: House) -> None:
        super().__init__()
        self._house = house
        self.stopped = 0

    async def run(self, job: Job) -> Reply:
        assert isinstance(job, RenderJob)
        self._house.started.append(job.source)
        await self._house.gate(job.source).wait()
        return RenderedReply()

    async def stop(self) -> None:
        self.stopped += 1


class House:
    def __init__(self) -> None:
        self.started: list[str] = []
        self.workers: list[FakeWorker] = []
        self._gates: dict[str, asyncio.Event] = {}

    def make_worker(self) -> WorkerProcess:
        self.workers.append(FakeWorker(self))
        return self.workers[-1]

    def gate(self, name: str) -> asyncio.Event:
        return self._gates.setdefault(name, asyncio.Event())


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
async def make_pool(house: House) -> AsyncIterator[Callable[..., Pool]]:
    pools: list[Pool] = []

    def make(workers: int = 1, waiting: int = 3, idle: float = 60) -> Pool:
        pools.append(Pool(workers, waiting, idle=idle, make_worker=house.make_worker))
        return pools[-1]

    yield make
    for pool in pools:
        await pool.close()


def job(name: str) -> RenderJob:
    return RenderJob(name, "/nowhere", ())


async def test_as_many_run_as_there_are_workers(
    make_pool: Callable[..., Pool], house: House, until: Until
) -> None:
    pool = make_pool(workers=2)
    tasks = [asyncio.create_task(pool.run(job(name))) for name in "abc"]
    await until(lambda: pool.waiting == 1)
    assert house.started == ["a", "b"]
    assert pool.running == 2
    house.gate("a").set()
    await until(lambda: house.started == ["a", "b", "c"])
    for name in "bc":
        house.gate(name).set()
    assert await asyncio.gather(*tasks) == [RenderedReply()] * 3
    assert (pool.running, pool.waiting) == (0, 0)


async def test_a_full_line_is_busy(
    make_pool: Callable[..., Pool], house: House, until: Until
) -> None:
    pool = make_pool(waiting=2)
    tasks = [asyncio.create_task(pool.run(job(name))) for name in "abc"]
    await until(lambda: pool.waiting == 2)
    for urgent in (False, True):
        with pytest.raises(Unavailable) as refused:
            await pool.run(job("d"), urgent=urgent)
        assert refused.value.code == "image.busy"
    for name in "abc":
        house.gate(name).set()
    await asyncio.gather(*tasks)
    house.gate("d").set()
    assert await pool.run(job("d")) == RenderedReply(), "and free again afterwards"


async def test_who_wants_to_see_goes_before_who_adds(
    make_pool: Callable[..., Pool], house: House, until: Until
) -> None:
    pool = make_pool()
    tasks = [asyncio.create_task(pool.run(job("first")))]
    for name, urgent in (("add 1", False), ("add 2", False), ("view", True)):
        tasks.append(asyncio.create_task(pool.run(job(name), urgent=urgent)))
        await until(lambda: pool.waiting == len(tasks) - 1)
    for name in ("first", "view", "add 1", "add 2"):
        house.gate(name).set()
    await asyncio.gather(*tasks)
    assert house.started == ["first", "view", "add 1", "add 2"]


async def test_who_is_cancelled_in_the_line_leaves_it(
    make_pool: Callable[..., Pool], house: House, until: Until
) -> None:
    pool = make_pool()
    first, second, third = (asyncio.create_task(pool.run(job(name))) for name in "abc")
    await until(lambda: pool.waiting == 2)
    second.cancel()
    await until(second.done)
    assert pool.waiting == 1
    for name in "abc":
        house.gate(name).set()
    await asyncio.gather(first, third)
    assert house.started == ["a", "c"]


async def test_who_is_cancelled_when_its_turn_came_passes_it_on(
    make_pool: Callable[..., Pool], house: House, until: Until
) -> None:
    pool = make_pool()
    first, second, third = (asyncio.create_task(pool.run(job(name))) for name in "abc")
    await until(lambda: pool.waiting == 2)
    house.gate("a").set()
    await until(lambda: pool.waiting == 1)  # the second one's turn, before it has woken up
    second.cancel()
    house.gate("c").set()
    await asyncio.gather(first, third)
    assert second.cancelled()
    assert (pool.running, pool.waiting) == (0, 0)


async def test_a_cancelled_job_frees_its_worker(
    make_pool: Callable[..., Pool], house: House, until: Until
) -> None:
    pool = make_pool()
    task = asyncio.create_task(pool.run(job("a")))
    await until(lambda: house.started == ["a"])
    task.cancel()
    house.gate("b").set()
    assert await pool.run(job("b")) == RenderedReply()


async def test_idle_workers_are_stopped_and_start_again(
    make_pool: Callable[..., Pool], house: House, until: Until
) -> None:
    pool = make_pool(workers=2, idle=0.0)
    house.gate("a").set()
    await pool.run(job("a"))
    await until(lambda: sum(worker.stopped for worker in house.workers) == 1)
    await pool.run(job("a"))
    assert pool.running == 0


async def test_a_used_worker_is_used_again_before_another_is_started(
    make_pool: Callable[..., Pool], house: House, until: Until
) -> None:
    pool = make_pool(workers=2)
    used: list[WorkerProcess] = []
    for worker in house.workers:
        run = worker.run

        async def spy(
            job: Job, worker: FakeWorker = worker, run: Callable[..., object] = run
        ) -> Reply:
            used.append(worker)
            return RenderedReply()

        worker.run = spy  # type: ignore[method-assign]  # the pool only knows `run`
    for name in "abc":
        await pool.run(job(name))
    assert len(set(used)) == 1


async def test_closing_turns_everybody_away(
    make_pool: Callable[..., Pool], house: House, until: Until
) -> None:
    pool = make_pool()
    running = asyncio.create_task(pool.run(job("a")))
    waiting = asyncio.create_task(pool.run(job("b")))
    await until(lambda: pool.waiting == 1)
    await pool.close()
    assert [worker.stopped for worker in house.workers] == [1]
    for refused in (waiting, asyncio.create_task(pool.run(job("c")))):
        with pytest.raises(Unavailable):
            await refused
    house.gate("a").set()
    await running
