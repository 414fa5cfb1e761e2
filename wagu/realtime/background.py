"""Work that a synchronous event starts and nobody waits for: kept, logged when it fails, ended."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

import structlog

log = structlog.get_logger("wagu.realtime")


class Background:
    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def spawn(self, what: str, work: Awaitable[object]) -> None:
        """`what` names it in the log. Each caller bounds how often it spawns."""
        task = asyncio.create_task(self._run(what, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, what: str, work: Awaitable[object]) -> None:
        try:
            await work
        except Exception:
            log.exception("x failed", what=what)

    async def settle(self) -> None:
        """Until nothing is under way."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self, within: float = 1.0) -> None:
        """Let it finish for a moment, then end it."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=within)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
