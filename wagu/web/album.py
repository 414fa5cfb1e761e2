"""Photos as rows and as pictures, kept in step: uploads in, and nothing left of what is forgotten.

Two uploads of one picture share its files. Whoever forgets the last row of a digest forgets the
files, and an upload whose files went meanwhile stores them again. Between rows and files there is a
lock for each digest, as several nodes may be at it.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import structlog
from aiohttp import ClientError, StreamReader
from aiohttp.http_exceptions import HttpProcessingError

from wagu.db.photos import PhotoRows
from wagu.domain.person import MemberId
from wagu.domain.photo import UNUSED_FOR, Photo, PhotoId
from wagu.domain.place import Point
from wagu.errors import BadRequest, WaguError
from wagu.images.errors import image_error
from wagu.images.limits import LARGEST_FILE
from wagu.images.photos import Photos, Rendition
from wagu.images.sizes import Digest, Format, Side

log = structlog.get_logger("wagu.photos")

PIECE = 256 * 1024  # bytes in memory of each upload
PATIENCE = 600.0  # seconds for one upload: 25 MB at 350 kbit/s
SWEEP_EVERY = 3600.0

INTERRUPTIONS = (TimeoutError, ConnectionError, ClientError, HttpProcessingError, RuntimeError)
"""How aiohttp says that a body will not come; the last is `Connection closed.`"""


@dataclass(frozen=True, slots=True)
class Upload:
    """`taken_at` is told to who uploads, once, and kept nowhere."""

    photo: Photo
    taken_at: Point | None


class Album:
    def __init__(
        self,
        rows: PhotoRows,
        open_photos: Callable[[], Photos],
        folder: Path,
        clock: Callable[[], float],
        locked: Callable[[str], AbstractAsyncContextManager[object]],
    ) -> None:
        """`open_photos` is called at the start: it makes folders. `folder` is our own: what is in
        it at the start is what a crash left. `locked` keeps everybody else out by a name."""
        self._rows = rows
        self._open_photos = open_photos
        self._opened: Photos | None = None
        self._folder = folder
        self._clock = clock
        self._locked = locked
        self._uploads = 0
        self._sweeper: asyncio.Task[None] | None = None

    @property
    def _photos(self) -> Photos:
        if self._opened is None:
            raise RuntimeError("the album was not started")
        return self._opened

    async def start(self) -> None:
        self._opened = await asyncio.to_thread(self._open_photos)
        await self._opened.start()
        await asyncio.to_thread(_empty, self._folder)
        self._sweeper = asyncio.create_task(self._sweep_for_ever())

    async def close(self) -> None:
        if self._sweeper is not None:
            self._sweeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._sweeper
        if self._opened is not None:
            await self._opened.close()

    def stats(self) -> dict[str, int]:
        """For /metrics; all are gauges."""
        return {**(self._opened.stats() if self._opened else {}), "uploads": self._uploads}

    async def receive(self, owner: MemberId, body: StreamReader) -> Upload:
        """Errors: those of wagu.images; BadRequest `photo.incomplete`, Conflict
        `photo.too_many_unused`."""
        await self._rows.check_room(owner)
        async with self._under_way(), _received(body, self._folder) as file:
            added = await self._photos.add(file)
            try:
                async with self._step(added.digest):
                    photo = await self._rows.create(
                        owner=owner,
                        digest=added.digest,
                        width=added.width,
                        height=added.height,
                        now=self._clock(),
                    )
                    if not await self._photos.has(added.digest):
                        await self._photos.add(file)
            except WaguError:
                await self.drop({added.digest})
                raise
        return Upload(photo, added.place_hint)

    async def rendition(self, photo: Photo, side: Side, format_: Format) -> Rendition:
        """With `side` as its longest side; what is smaller is enlarged."""
        enlarged = side > max(photo.width, photo.height)
        return await self._photos.rendition(Digest(photo.digest), side, format_, enlarged=enlarged)

    async def source(self, digest: str) -> bytes:
        """The largest there is, as JPEG: for an export."""
        return await self._photos.source(Digest(digest))

    async def forget(self, photos: Collection[PhotoId]) -> None:
        """Those of `photos` that nothing shows."""
        await self.drop(await self._rows.forget(photos))

    async def forget_unused(self, photo_id: PhotoId, owner: MemberId) -> None:
        """Errors: as PhotoRows.forget_unused."""
        await self.drop({await self._rows.forget_unused(photo_id, owner)})

    async def drop(self, digests: Collection[str]) -> None:
        """The pictures of rows that are gone; those that another row has stay."""
        for digest in digests:
            try:
                async with self._step(digest):
                    if await self._rows.of_nobody({digest}):
                        await self._photos.forget(Digest(digest))
            except WaguError as error:  # the row is gone, so nobody sees it any more
                log.error("x not forgotten", digest=digest, why=error.code)

    def _step(self, digest: str) -> AbstractAsyncContextManager[object]:
        return self._locked(f"photo/{digest}")

    async def sweep(self) -> int:
        """Forget what was uploaded a day ago and never used; how many pictures that were."""
        swept = 0
        while digests := await self._rows.sweep(self._clock() - UNUSED_FOR):
            await self.drop(digests)
            swept += len(digests)
        return swept

    @asynccontextmanager
    async def _under_way(self) -> AsyncIterator[None]:
        self._uploads += 1
        try:
            yield
        finally:
            self._uploads -= 1

    async def _sweep_for_ever(self) -> None:
        while True:
            try:
                if swept := await self.sweep():
                    log.info("= swept unused photos", pictures=swept)
            except Exception:
                log.exception("x sweep failed")
            await asyncio.sleep(SWEEP_EVERY)


@asynccontextmanager
async def _received(body: StreamReader, folder: Path) -> AsyncIterator[Path]:
    """The body as a file, gone afterwards: 25 MB times everybody is too much for memory."""
    descriptor, name = await asyncio.to_thread(tempfile.mkstemp, dir=folder)
    file = Path(name)
    try:
        with os.fdopen(descriptor, "wb", buffering=0) as sink:
            await _copy(body, sink.write)
        yield file
    finally:
        await asyncio.to_thread(file.unlink)


async def _copy(body: StreamReader, write: Callable[[bytes], object]) -> None:
    total, pieces = 0, bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            async for piece in body.iter_any():
                total += len(piece)
                if total > LARGEST_FILE:
                    raise image_error("image.too_large")
                pieces += piece
                if len(pieces) >= PIECE:
                    await asyncio.to_thread(write, bytes(pieces))
                    pieces.clear()
    except INTERRUPTIONS:
        raise BadRequest("photo.incomplete", "사진이 다 올라오지 않았어요.") from None
    await asyncio.to_thread(write, bytes(pieces))


def _empty(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.iterdir():
        left.unlink()
