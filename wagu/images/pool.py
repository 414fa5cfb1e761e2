"""Two worker processes and the line before them. The line is bounded and says so: image.busy.

Somebody waiting to see a photo (`urgent`) goes before those waiting to add one, which takes longer.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from wagu.images.errors import image_error
from wagu.images.jobs import Job, Reply
from wagu.images.worker_process import WorkerProcess

WORKERS = 2
WAITING = 64
IDLE_SECONDS = 300.0
"""After which a worker gives its memory back: 30 MB, and what the last photos left."""

Waiting = deque[asyncio.Future[WorkerProcess]]


class Pool:
    def __init__(
        self,
        workers: int = WORKERS,
        waiting: int = WAITING,
        *,
        idle: float = IDLE_SECONDS,
        make_worker: Callable[[], WorkerProcess] = WorkerProcess,
    ) -> None:
        self._workers = [make_worker() for _ in range(workers)]
        self._free = list(self._workers)
        self._limit = waiting
        self._idle = idle
        self._urgent: Waiting = deque()
        self._patient: Waiting = deque()
        self._retirements: dict[WorkerProcess, asyncio.TimerHandle] = {}
        self._stopping: set[asyncio.Task[None]] = set()
        self._closed = False

    @property
    def waiting(self) -> int:
        return len(self._urgent) + len(self._patient)

    @property
    def running(self) -> int:
        return len(self._workers) - len(self._free)

    async def run(self, job: Job, *, urgent: bool = False) -> Reply:
        """The answer to a job. Raises image.busy, or what WorkerProcess.run raises.

        When the caller is cancelled, so is the job, wherever it is.
        """
        worker = await self._acquire(self._urgent if urgent else self._patient)
        try:
            return await worker.run(job)
        finally:
            self._release(worker)

    async def close(self) -> None:
        """Those who wait get image.busy; processes end at once, with what they were doing."""
        self._closed = True
        for waiter in (*self._urgent, *self._patient):
            if not waiter.done():
                waiter.set_exception(image_error("image.busy"))
        for timer in self._retirements.values():
            timer.cancel()
        await asyncio.gather(*(worker.stop() for worker in self._workers), *self._stopping)

    async def _acquire(self, line: Waiting) -> WorkerProcess:
        if self._closed or self.waiting >= self._limit:
            raise image_error("image.busy")
        if self._free:
            # The one used last: its process is the likeliest to be there still.
            worker = self._free.pop()
            self._keep(worker)
            return worker
        turn: asyncio.Future[WorkerProcess] = asyncio.get_running_loop().create_future()
        line.append(turn)
        try:
            return await turn
        except asyncio.CancelledError:
            # Cancelled after the turn came: the worker goes to the next one.
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self._release(turn.result())
            raise
        finally:
            if turn in line:
                line.remove(turn)

    def _release(self, worker: WorkerProcess) -> None:
        if self._hand_over(worker):
            return
        self._free.append(worker)
        if not self._closed:
            loop = asyncio.get_running_loop()
            self._retirements[worker] = loop.call_later(self._idle, self._retire, worker)

    def _hand_over(self, worker: WorkerProcess) -> bool:
        """To the first in line; False when there is nobody."""
        for line in (self._urgent, self._patient):
            while line:
                turn = line.popleft()
                if not turn.done():
                    turn.set_result(worker)
                    return True
        return False

    def _keep(self, worker: WorkerProcess) -> None:
        if timer := self._retirements.pop(worker, None):
            timer.cancel()

    def _retire(self, worker: WorkerProcess) -> None:
        del self._retirements[worker]
        self._free.remove(worker)  # nobody is given a worker that is stopping
        task = asyncio.get_running_loop().create_task(self._stop_idle(worker))
        self._stopping.add(task)
        task.add_done_callback(self._stopping.discard)

    async def _stop_idle(self, worker: WorkerProcess) -> None:
        await worker.stop()
        if not self._hand_over(worker):
            self._free.insert(0, worker)  # one with a process goes first
