"""Requests that wait until there is more of a stream: bounded in number and in time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from media.errors import HlsBusy

MOST = 4000
"""Of one stream: what waits is a future and an open request, 10 kB."""


class Waiting:
    """`until` a condition is true, looked at whenever somebody calls `wake`."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._waiting: set[asyncio.Future[None]] = set()

    def __len__(self) -> int:
        return len(self._waiting)

    async def until(self, condition: Callable[[], bool], within: float) -> None:
        """Raises HlsBusy after `within` seconds, or at once when too many wait already."""
        try:
            async with asyncio.timeout(within):
                while not condition():
                    await self._turn()
        except TimeoutError:
            raise HlsBusy from None

    def wake(self) -> None:
        for future in self._waiting:
            if not future.done():
                future.set_result(None)

    async def _turn(self) -> None:
        if len(self._waiting) >= self._most:
            raise HlsBusy
        future = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            await future
        finally:
            self._waiting.discard(future)
