"""Accounts whose grace is over: everything of theirs goes, pictures included, within the hour."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

import structlog

from wagu.db.accounts import Accounts
from wagu.web.album import Album

log = structlog.get_logger("wagu.accounts")

SWEEP_EVERY = 3600.0


class Farewell:
    def __init__(self, accounts: Accounts, album: Album, clock: Callable[[], float]) -> None:
        self._accounts = accounts
        self._album = album
        self._clock = clock
        self._sweeper: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._sweeper = asyncio.create_task(self._sweep_for_ever())

    async def close(self) -> None:
        if self._sweeper is not None:
            self._sweeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._sweeper

    async def sweep(self) -> int:
        """How many accounts went. One transaction each: others write in between."""
        swept = 0
        while (digests := await self._accounts.sweep(self._clock())) is not None:
            await self._album.drop(digests)
            swept += 1
        return swept

    async def _sweep_for_ever(self) -> None:
        while True:
            try:
                if swept := await self.sweep():
                    log.info("= closed accounts removed", accounts=swept)
            except Exception:
                log.exception("x sweep failed")
            await asyncio.sleep(SWEEP_EVERY)
