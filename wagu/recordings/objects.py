"""Recordings as objects: `recordings/<id>`, in a folder, a bucket or memory; read in ranges."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wagu.domain.recording import RecordingId

if TYPE_CHECKING:
    from obstore.store import ObjectStore

ROOT = "recordings"
PART = 8 * 1024 * 1024
"""Bytes of a part: what an upload has in memory, and S3 wants 5 MB at least."""
PIECE = 256 * 1024


class RecordingObjects:
    """Raises OSError and obstore's errors; FileNotFoundError for what is not there."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    @classmethod
    def open(
        cls, url: str | None, data_dir: Path, options: Mapping[str, Any] | None = None
    ) -> RecordingObjects:
        """The arguments are those of `wagu.images.store.PhotoObjects.open`, and the place is the
        same."""
        # Here, not above: 20 ms that only a process which serves recordings pays.
        from obstore.store import LocalStore, from_url  # noqa: PLC0415

        if url is None:
            folder = data_dir.resolve() / "objects"
            return cls(LocalStore(folder, mkdir=True, automatic_cleanup=True))
        return cls(from_url(url, **(options or {})))

    async def put(self, name: RecordingId, file: Path) -> None:
        """Store a copy of `file`, in parts."""
        await self._store.put_async(f"{ROOT}/{name}", file, use_multipart=True, chunk_size=PART)

    async def read(self, name: RecordingId, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` to before `end`, piece by piece."""
        path = f"{ROOT}/{name}"
        result = await self._store.get_async(path, options={"range": (start, end)})
        async for piece in result.stream(min_chunk_size=PIECE):
            yield bytes(piece)

    async def delete(self, names: Collection[RecordingId]) -> None:
        """Those that are there."""
        for name in names:
            with suppress(FileNotFoundError):
                await self._store.delete_async(f"{ROOT}/{name}")

    async def names(self) -> AsyncIterator[list[RecordingId]]:
        """All there are, some at a time."""
        async for objects in self._store.list(ROOT, chunk_size=200):
            yield [RecordingId(found["path"].rpartition("/")[2]) for found in objects]
