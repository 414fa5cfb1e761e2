"""How much the object store holds, by kind. Counting lists everything (on S3 a request for each
thousand), so an answer is kept for a minute, and those who ask meanwhile wait for the same one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from wagu.errors import Unavailable
from wagu.images.store import ROOT as PHOTOS
from wagu.objects import Place
from wagu.recordings.objects import ROOT as RECORDINGS

log = structlog.get_logger("wagu.storage")

KEPT = 60.0
COUNTED_WITHIN = 30.0
"""Seconds; obstore alone asks a store that is away for three minutes."""


@dataclass(frozen=True, slots=True)
class Pile:
    """`size` in bytes."""

    count: int
    size: int


@dataclass(frozen=True, slots=True)
class Count:
    at: float
    photos: Pile
    recordings: Pile


class Stored:
    def __init__(self, place: Place, clock: Callable[[], float]) -> None:
        self._place = place
        self._clock = clock
        self._last: Count | None = None
        self._counting = asyncio.Lock()

    async def count(self) -> Count:
        """Errors: Unavailable storage.unavailable."""
        async with self._counting:
            now = self._clock()
            if self._last is None or now - self._last.at >= KEPT:
                self._last = Count(now, await self._pile(PHOTOS), await self._pile(RECORDINGS))
            return self._last

    async def _pile(self, root: str) -> Pile:
        from obstore.exceptions import BaseError  # noqa: PLC0415 - loaded with the store

        count = size = 0
        try:
            async with asyncio.timeout(COUNTED_WITHIN):
                async for objects in self._place.open().list(root, chunk_size=1000):
                    count += len(objects)
                    size += sum(found["size"] for found in objects)
        except (BaseError, OSError, ValueError) as error:
            log.error("x object store", what=root, why=repr(error))
            raise Unavailable(
                "storage.unavailable", "저장소에 닿지 않아요. 곧 다시 시도해 주세요."
            ) from error
        return Pile(count, size)
