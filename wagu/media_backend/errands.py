"""What a server elsewhere still has to do: tried at once, and again with every round until it is
done. Whoever asks does not wait. Bounded: of too many, the oldest is dropped and left to the lists.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from wagu.errors import WaguError

log = structlog.get_logger("wagu.media")

MOST = 2_000
Errand = Callable[[], Awaitable[None]]
Key = tuple[str, ...]


class Errands:
    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._owed: dict[Key, Errand] = {}
        self._running: dict[Key, asyncio.Task[None]] = {}

    def __len__(self) -> int:
        return len(self._owed)

    def ask(self, key: Key, errand: Errand) -> None:
        """One of a key at a time: a newer one takes the place of one that waits."""
        self._owed.pop(key, None)
        self._owed[key] = errand
        if len(self._owed) > self._most:
            dropped = next(iter(self._owed))
            del self._owed[dropped]
            log.warning("x dropped: too much to do at the media server", what=dropped[0])
        if key not in self._running:
            self._start(key)

    async def cancel(self, key: Key) -> None:
        """What nobody wants done any more; one that is under way is waited for."""
        self._owed.pop(key, None)
        running = self._running.get(key)
        if running is not None:
            await asyncio.wait([running])

    async def again(self) -> None:
        """What could not be done before, one after the other."""
        for key in list(self._owed):
            if key in self._owed and key not in self._running:
                await asyncio.wait([self._start(key)])

    async def settle(self) -> None:
        """Until everything was tried that is to be tried now."""
        while self._running:
            await asyncio.wait(list(self._running.values()))

    async def close(self) -> None:
        for task in list(self._running.values()):
            task.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    def _start(self, key: Key) -> asyncio.Task[None]:
        self._running[key] = task = asyncio.create_task(self._do(key))
        return task

    async def _do(self, key: Key) -> None:
        try:
            while (errand := self._owed.get(key)) is not None:
                await errand()
                if self._owed.get(key) is errand:
                    del self._owed[key]
        except WaguError as error:
            log.info("= media server: later", what=key[0], code=error.code)
        except Exception:
            log.exception("x failed", what=key[0])
            self._owed.pop(key, None)
        finally:
            del self._running[key]
