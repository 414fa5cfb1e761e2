"""Photos as the rest of the server sees them: add, rendition, source, forget.

Who may see a photo, and how many posts show it, is not known here: access is checked by routes, and
references are counted by the database, which calls `forget` when the last one is gone.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypeVar

from wagu.domain.place import Point
from wagu.errors import NotFound
from wagu.images.errors import image_error
from wagu.images.jobs import SOURCE_NAME, AddedReply, AddJob, RenderJob, Want
from wagu.images.limits import LARGEST_FILE
from wagu.images.pool import Pool
from wagu.images.sizes import CONTENT_TYPES, SIDES, Digest, Format, Side
from wagu.images.store import PhotoObjects
from wagu.objects import Place

READY: tuple[Want, ...] = (Want(256, "webp"), Want(512, "webp"), Want(1024, "webp"))
"""Made when a photo is added: what feeds and pages show. The others wait for the first look."""


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Added:
    """A photo that is kept. `place_hint` is from its metadata, which is not."""

    digest: Digest
    width: int
    height: int
    place_hint: Point | None


@dataclass(frozen=True, slots=True)
class Rendition:
    content: bytes
    content_type: str


class Photos:
    """Errors: see `errors`. `scratch` is a folder of our own on a disk with room."""

    def __init__(self, objects: PhotoObjects, pool: Pool, scratch: Path) -> None:
        self._objects = objects
        self._pool = pool
        self._scratch = scratch
        self._making: dict[tuple[Digest, Want], asyncio.Task[bytes]] = {}

    @classmethod
    def open(cls, place: Place, scratch: Path) -> Self:
        """Not started."""
        return cls(PhotoObjects.open(place), Pool(), scratch)

    async def start(self) -> None:
        """Throw away what a process left that was killed. Workers start with the first photo."""
        await _in_thread(lambda: _empty(self._scratch))

    async def close(self) -> None:
        """What is being made is dropped; it is made again when somebody asks."""
        for task in self._making.values():
            task.cancel()
        await asyncio.gather(*self._making.values(), return_exceptions=True)
        await self._pool.close()

    async def add(self, upload: bytes | Path) -> Added:
        """Keep a photo. The same file again gives the same digest and changes nothing.

        An upload by path stays the caller's; prefer it, as those who wait hold no memory.
        """
        async with self._folder() as folder:
            file = await _in_thread(lambda: _as_file(upload, folder / "upload"))
            reply = await self._pool.run(AddJob(str(file), str(folder), READY))
            assert isinstance(reply, AddedReply)
            for name in (SOURCE_NAME, *(want.name for want in READY)):
                await self._objects.put(reply.digest, name, folder / name)
        hint = Point(*reply.place_hint) if reply.place_hint else None
        return Added(reply.digest, reply.width, reply.height, hint)

    async def has(self, digest: Digest) -> bool:
        return await self._objects.exists(digest, SOURCE_NAME)

    async def rendition(
        self, digest: Digest, side: Side, format_: Format, *, enlarged: bool = False
    ) -> Rendition:
        """A photo with `side` as its longest side, or in its own size if that is smaller.

        `enlarged`: a larger view than the source; ask for it only where `side` is larger. What is
        not in the store is made, once for all who wait, and stored.
        """
        if side not in SIDES or format_ not in CONTENT_TYPES:
            raise image_error("image.unknown")
        want = Want(side, format_, enlarged)
        try:
            content = await self._objects.get(digest, want.name)
        except NotFound:
            content = await self._made(digest, want)
        return Rendition(content, CONTENT_TYPES[format_])

    async def source(self, digest: Digest) -> bytes:
        """The largest we have: a JPEG with at most 4096 pixels a side. For exports."""
        return await self._objects.get(digest, SOURCE_NAME)

    async def forget(self, digest: Digest) -> None:
        """Delete a photo with its renditions; nothing happens where there is none."""
        await self._objects.forget(digest, first=SOURCE_NAME)

    def stats(self) -> dict[str, int]:
        """For /metrics; both are gauges."""
        return {"running": self._pool.running, "waiting": self._pool.waiting}

    async def _made(self, digest: Digest, want: Want) -> bytes:
        key = (digest, want)
        task = self._making.get(key)
        if task is None:
            task = asyncio.get_running_loop().create_task(self._make(digest, want))
            self._making[key] = task
            task.add_done_callback(lambda done: self._is_made(key, done))
        # One who goes away does not take it from the others who wait.
        return await asyncio.shield(task)

    def _is_made(self, key: tuple[Digest, Want], task: asyncio.Task[bytes]) -> None:
        del self._making[key]
        if not task.cancelled():
            task.exception()  # seen, also when everybody has gone

    async def _make(self, digest: Digest, want: Want) -> bytes:
        content = await self._objects.get(digest, SOURCE_NAME)
        async with self._folder() as folder:
            source, made = folder / SOURCE_NAME, folder / want.name
            await _in_thread(lambda: source.write_bytes(content))
            await self._pool.run(RenderJob(str(source), str(folder), (want,)), urgent=True)
            await self._objects.put(digest, want.name, made)
            if not await self._objects.exists(digest, SOURCE_NAME):
                # Forgotten meanwhile: leave nothing behind.
                await self._objects.delete(digest, want.name)
                raise image_error("image.unknown")
            return await _in_thread(made.read_bytes)

    @asynccontextmanager
    async def _folder(self) -> AsyncIterator[Path]:
        """For the files of one job; gone with them afterwards, however that ends."""
        folder = Path(tempfile.mkdtemp(dir=self._scratch))
        try:
            yield folder
        finally:
            await _in_thread(lambda: shutil.rmtree(folder))


async def _in_thread(work: Callable[[], T]) -> T:
    """As asyncio.to_thread, but who is cancelled waits until the thread no longer writes."""
    future = asyncio.get_running_loop().run_in_executor(None, work)
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        await asyncio.wait((future,))
        raise


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _as_file(upload: bytes | Path, place: Path) -> Path:
    """Where the upload can be read, checked for its size before anything is done with it."""
    size = len(upload) if isinstance(upload, bytes) else upload.stat().st_size
    if size > LARGEST_FILE:
        raise image_error("image.too_large")
    if isinstance(upload, Path):
        return upload
    place.write_bytes(upload)
    return place
