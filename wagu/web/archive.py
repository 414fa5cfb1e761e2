"""A zip that is sent while it is made: never more than one photo or one batch of it in memory."""

from __future__ import annotations

import json
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable
from io import RawIOBase
from typing import Any

Write = Callable[[bytes], Awaitable[None]]


class _Sink(RawIOBase):
    """What zipfile wrote since it was last drained; it sees a pipe, which cannot be sought."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self._written += data
        return len(data)

    def drain(self) -> bytes:
        written = bytes(self._written)
        self._written.clear()
        return written


class Archive:
    def __init__(self, write: Write) -> None:
        self._write = write
        self._sink = _Sink()
        self._zip = zipfile.ZipFile(self._sink, "w", zipfile.ZIP_DEFLATED)

    async def add_json(self, name: str, tree: Any) -> None:
        text = json.dumps(tree, ensure_ascii=False, indent=1)
        self._zip.writestr(name, text)
        await self._drain()

    async def add_list(self, name: str, batches: AsyncIterator[list[Any]]) -> None:
        """One JSON array from many batches."""
        with self._zip.open(name, "w", force_zip64=True) as entry:
            lead = "[\n"
            async for batch in batches:
                for one in batch:
                    entry.write((lead + json.dumps(one, ensure_ascii=False)).encode())
                    lead = ",\n"
                await self._drain()
            entry.write((lead if lead == "[\n" else "\n").encode() + b"]\n")
        await self._drain()

    async def add_stored(self, name: str, content: bytes) -> None:
        """What does not get smaller: pictures."""
        self._zip.writestr(name, content, zipfile.ZIP_STORED)
        await self._drain()

    async def close(self) -> None:
        self._zip.close()
        await self._drain()

    async def _drain(self) -> None:
        if written := self._sink.drain():
            await self._write(written)
