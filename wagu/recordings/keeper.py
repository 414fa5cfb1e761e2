"""Begins recordings when media begins, keeps their files when they are whole, and forgets them.

first packet of a live that shall be recorded → MediaBackend.record
a file is whole (or its writer died)           → into the object store, a row, the file goes
start                                          → what a killed server left is kept like that
every hour                                     → objects without a row go (their account is gone)
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import structlog

from wagu.db.lives import LiveRows
from wagu.db.recordings import RecordingRows
from wagu.domain.live import LiveId, LiveState
from wagu.domain.recording import Recording
from wagu.errors import WaguError
from wagu.media_backend.base import (
    MediaBackend,
    MediaEvent,
    PublicationStarted,
    RecordingFinished,
    RecordingLimits,
    RoomKey,
)
from wagu.recordings.objects import RecordingObjects

log = structlog.get_logger("wagu.recordings")

PREFIX = "live/"
SWEEP_EVERY = 3600.0
MEDIA_TYPES = {".webm": "video/webm", ".mp4": "video/mp4"}


class Opener(Protocol):
    def __call__(self) -> RecordingObjects: ...


class Keeper:
    """`folder` is our own: a folder a live, in which media writes."""

    def __init__(
        self,
        rows: RecordingRows,
        lives: LiveRows,
        media: MediaBackend,
        open_objects: Opener,
        *,
        folder: Path,
        limits: RecordingLimits,
        clock: Callable[[], float],
        allowed: bool,
    ) -> None:
        self._rows = rows
        self._lives = lives
        self._media = media
        self._open_objects = open_objects
        self._opened: RecordingObjects | None = None
        self._folder = folder
        self._limits = limits
        self._clock = clock
        self.allowed = allowed
        self._tasks: set[asyncio.Task[None]] = set()
        self._step = asyncio.Lock()  # between an object and its row
        self._sweeper: asyncio.Task[None] | None = None
        media.listen(self._on_media)

    @property
    def objects(self) -> RecordingObjects:
        if self._opened is None:
            raise RuntimeError("the keeper was not started")
        return self._opened

    async def start(self) -> None:
        self._opened = await asyncio.to_thread(self._open_objects)
        for live, file in await asyncio.to_thread(_left, self._folder):
            self._spawn(self._keep(live, file, None))
        self._sweeper = asyncio.create_task(self._sweep_for_ever())

    async def close(self) -> None:
        """After media, which finishes its files when it closes."""
        if self._sweeper is not None:
            self._sweeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._sweeper
        if self._tasks:
            await asyncio.gather(*self._tasks)

    async def forget(self, live: LiveId) -> None:
        """Every recording of a live; one that is going on ends."""
        await self._media.stop_recording(RoomKey(f"{PREFIX}{live}"))
        async with self._step:
            await self.objects.delete(await self._rows.forget(live))

    async def sweep(self) -> int:
        """Delete objects that no row knows; how many those were."""
        swept = 0
        async with self._step:
            async for names in self.objects.names():
                lost = set(names) - await self._rows.known(names)
                await self.objects.delete(lost)
                swept += len(lost)
        return swept

    # ----------------------------------------------------------------------------------------- told

    def _on_media(self, event: MediaEvent) -> None:
        """Synchronous, from the event loop."""
        if not event.room.startswith(PREFIX):
            return
        live = LiveId(event.room.removeprefix(PREFIX))
        if isinstance(event, PublicationStarted) and self.allowed:
            self._spawn(self._begin(live, event))
        elif isinstance(event, RecordingFinished):
            self._spawn(self._keep(live, Path(event.path), event.seconds))

    async def _begin(self, live_id: LiveId, event: PublicationStarted) -> None:
        live = await self._lives.get(live_id)
        if not live.recorded or live.state is LiveState.ENDED:
            return
        folder = self._folder / live_id
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        await self._media.record(event.room, folder, self._limits)
        log.info("= recording", live=live_id)

    async def _keep(self, live: LiveId, file: Path, seconds: float | None) -> None:
        size = await asyncio.to_thread(_size, file)
        if size:
            async with self._step:
                name = self._rows.new_id()
                await self.objects.put(name, file)
                media_type = MEDIA_TYPES.get(file.suffix, "application/octet-stream")
                made = Recording(name, live, media_type, seconds, size, self._clock())
                if await self._rows.add(made):
                    log.info("= recording kept", live=live, size=size, seconds=seconds)
                else:
                    await self.objects.delete({name})
        await asyncio.to_thread(_remove, file)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(_guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _sweep_for_ever(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_EVERY)
            await _guarded(self._sweep())

    async def _sweep(self) -> None:
        if swept := await self.sweep():
            log.info("= swept recordings without a live", files=swept)


async def _guarded(work: Awaitable[None]) -> None:
    """A file that cannot be kept now stays where it is, and is found at the next start."""
    try:
        await work
    except WaguError as error:
        log.info("x recording", code=error.code)
    except Exception:
        log.exception("x recording failed")


def _left(folder: Path) -> list[tuple[LiveId, Path]]:
    """The files of former processes: (live, file)."""
    if not folder.is_dir():
        return []
    lives = [each for each in folder.iterdir() if each.is_dir()]
    return [
        (LiveId(live.name), file)
        for live in lives
        for file in sorted(live.iterdir())
        if file.suffix in MEDIA_TYPES
    ]


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _remove(file: Path) -> None:
    file.unlink(missing_ok=True)
    with suppress(OSError):  # others are still being written there
        file.parent.rmdir()
