"""Carries one file into the object store while it is still being written.

Files grow at their end; only the first part is written again, when a WebM is closed and learns its
duration. So parts go as soon as they are whole, and the first one once more at the end. What a
machine that died had carried so far plays: a part more or less is a cluster or a fragment more.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from wagu.domain.recording import RecordingId
from wagu.recordings.objects import PART, RecordingObjects


class Carrier:
    """`advance` now and then, from one task at a time; `finish` when the file is whole."""

    def __init__(self, objects: RecordingObjects, name: RecordingId, file: Path) -> None:
        self._objects = objects
        self._name = name
        self._file = file
        self._next = 0

    async def advance(self) -> None:
        """The parts that have become whole. Raises what the store raises; then call it again."""
        while len(part := await self._read(self._next)) == PART:
            await self._objects.put(self._name, self._next, part)
            self._next += 1

    async def resume(self) -> None:
        """Behind the whole parts that a former process carried."""
        self._next = await self._objects.size(self._name) // PART

    async def finish(self) -> int:
        """The rest; the bytes of all that is there. A file that is shorter than what was carried of
        it, or gone, adds nothing: its disk lost it."""
        await self.advance()
        last = await self._read(self._next)
        carried = await self._objects.size(self._name)
        if carried > self._next * PART + len(last):
            return carried
        if last:
            await self._objects.put(self._name, self._next, last)
        first = await self._read(0)
        if self._next and len(first) == PART:
            await self._objects.put(self._name, 0, first)
        return self._next * PART + len(last)

    async def _read(self, index: int) -> bytes:
        return await asyncio.to_thread(_part, self._file, index)


def _part(file: Path, index: int) -> bytes:
    """Empty beyond the end, and where there is no file yet."""
    try:
        with file.open("rb") as opened:
            opened.seek(index * PART)
            return opened.read(PART)
    except FileNotFoundError:
        return b""
