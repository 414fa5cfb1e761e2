"""Recordings as objects: `recordings/<id>/<part>`, in a folder, a bucket or memory; read in ranges.

Parts, as an object cannot grow: a recording is carried into the store while it is being made.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import suppress
from typing import TYPE_CHECKING

from wagu.domain.recording import RecordingId
from wagu.objects import Place

if TYPE_CHECKING:
    from obstore.store import ObjectStore

ROOT = "recordings"
PART = 8 * 1024 * 1024
"""Bytes of every part but the last: half a minute of 2.5 Mbit/s; a carrier has one in memory."""
PIECE = 256 * 1024


class RecordingObjects:
    """Raises OSError and obstore's errors; FileNotFoundError for what is not there."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    @classmethod
    def open(cls, place: Place) -> RecordingObjects:
        return cls(place.open())

    async def put(self, name: RecordingId, part: int, data: bytes) -> None:
        """Store a part of at most PART bytes; again, where it is there already."""
        await self._store.put_async(_path(name, part), data, use_multipart=False)

    async def size(self, name: RecordingId) -> int:
        """The bytes of all parts from the first up to one that is missing or not whole."""
        sizes = {path: size async for path, size in self._parts(name)}
        total = part = 0
        while (found := sizes.get(_path(name, part))) is not None:
            total += found
            if found < PART:
                break
            part += 1
        return total

    async def read(self, name: RecordingId, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` to before `end`, piece by piece."""
        while start < end:
            part, offset = divmod(start, PART)
            until = min(PART, offset + end - start)
            result = await self._store.get_async(
                _path(name, part), options={"range": (offset, until)}
            )
            async for piece in result.stream(min_chunk_size=PIECE):
                yield bytes(piece)
            start += until - offset

    async def delete(self, names: Collection[RecordingId]) -> None:
        """All parts of those that are there."""
        for name in names:
            async for path, _ in self._parts(name):
                with suppress(FileNotFoundError):
                    await self._store.delete_async(path)

    async def names(self) -> AsyncIterator[set[RecordingId]]:
        """All there are, some at a time; one may come twice."""
        async for objects in self._store.list(ROOT, chunk_size=200):
            yield {RecordingId(found["path"].split("/")[1]) for found in objects}

    async def _parts(self, name: RecordingId) -> AsyncIterator[tuple[str, int]]:
        """(path, bytes), in no order."""
        async for objects in self._store.list(f"{ROOT}/{name}", chunk_size=200):
            for found in objects:
                yield found["path"], found["size"]


def _path(name: RecordingId, part: int) -> str:
    return f"{ROOT}/{name}/{part:05}"
