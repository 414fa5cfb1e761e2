"""Begins recordings when media begins, carries them into the object store, and forgets them.

first packet of a live that shall be recorded → MediaBackend.record
a file begins                                  → its row; then its parts, as they become whole
a file is whole (or its writer died)           → the rest, it can be seen, the file goes
start                                          → what a killed server left is finished like that; of
                                                 a machine that is lost, what had been carried
every hour                                     → objects without a row go (their account is gone)
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import structlog

from wagu.cluster.ownership import Alone, Ownership
from wagu.db.lives import LiveRows
from wagu.db.recordings import RecordingRows
from wagu.domain.live import LiveId, LiveState
from wagu.domain.recording import Recording, RecordingId
from wagu.errors import WaguError
from wagu.media_backend.base import (
    MediaBackend,
    MediaEvent,
    PublicationStarted,
    RecordingFinished,
    RecordingLimits,
    RecordingStarted,
    RoomKey,
    label_of,
)
from wagu.recordings.carrier import Carrier
from wagu.recordings.objects import RecordingObjects

log = structlog.get_logger("wagu.recordings")

PREFIX = "live/"
SWEEP_EVERY = 3600.0
CARRY_EVERY = 5.0
FINISH_WITHIN = 1.5
"""Seconds of a stop, of which the process has less than three."""
MEDIA_TYPES = {".webm": "video/webm", ".mp4": "video/mp4"}


class Opener(Protocol):
    def __call__(self) -> RecordingObjects: ...


class _Followed:
    """A file that is being written, and the task that carries it."""

    def __init__(self, carrier: Carrier) -> None:
        self.carrier = carrier
        self.announced = False
        self.failed: tuple[LiveId, float | None] | None = None
        """Its live and seconds, where it is whole and could not be kept."""
        self.task: asyncio.Task[None] | None = None

    async def stop(self) -> None:
        if self.task is not None:
            self.task.cancel()
            with suppress(asyncio.CancelledError):
                await self.task


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
        ownership: Ownership | None = None,
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
        self._ownership = ownership or Alone()
        self._tasks: set[asyncio.Task[None]] = set()
        self._followed: dict[Path, _Followed] = {}
        self._sweeper: asyncio.Task[None] | None = None
        media.listen(self._on_media)

    @property
    def objects(self) -> RecordingObjects:
        if self._opened is None:
            raise RuntimeError("the keeper was not started")
        return self._opened

    async def start(self) -> None:
        self._opened = await asyncio.to_thread(self._open_objects)
        left = await asyncio.to_thread(_left, self._folder)
        for live, file in left:
            self._spawn(self._keep(live, file, None))
        self._spawn(self._recover({_name_of(file) for _, file in left}))
        self._sweeper = asyncio.create_task(self._sweep_for_ever())

    async def close(self) -> None:
        """After media, which finishes its files when it closes."""
        if self._sweeper is not None:
            self._sweeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._sweeper
        if self._tasks:
            # What a slow store does not take now is taken up at the next start.
            _, late = await asyncio.wait(self._tasks, timeout=FINISH_WITHIN)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        for followed in self._followed.values():
            await followed.stop()

    async def forget(self, live: LiveId) -> None:
        """Every recording of a live; one that is going on ends."""
        await self._media.stop_recording(RoomKey(f"{PREFIX}{live}"))
        await self.objects.delete(await self._rows.forget(live))

    async def sweep(self) -> int:
        """Delete objects that no row knows; how many those were."""
        swept = 0
        async for names in self.objects.names():
            lost = names - await self._rows.known(names)
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
        elif isinstance(event, RecordingStarted):
            self._follow(live, Path(event.path))
        elif isinstance(event, RecordingFinished):
            self._spawn(self._keep(live, Path(event.path), event.seconds))

    async def _begin(self, live_id: LiveId, event: PublicationStarted) -> None:
        live = await self._lives.get(live_id)
        if not live.recorded or live.state is LiveState.ENDED:
            return
        folder = self._folder / live_id
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        await self._media.record(event.room, folder, self._limits)
        log.info("= recording", live=live_id, room=_label(live_id))

    def _follow(self, live: LiveId, file: Path) -> None:
        carrier = Carrier(self.objects, _name_of(file), file)
        self._followed[file] = followed = _Followed(carrier)
        work = _guarded(self._carry(live, file, followed))
        followed.task = asyncio.get_running_loop().create_task(work)

    async def _carry(self, live: LiveId, file: Path, followed: _Followed) -> None:
        followed.announced = await self._announce(live, file)
        while followed.announced:
            await asyncio.sleep(CARRY_EVERY)
            await _guarded(followed.carrier.advance())  # what fails is tried again

    async def _announce(self, live: LiveId, file: Path) -> bool:
        """Before its first object, as the sweeper takes those without a row. False: the live is
        gone."""
        name = _name_of(file)
        media_type = MEDIA_TYPES.get(file.suffix, "application/octet-stream")
        new = Recording(name, live, media_type, seconds=None, size=0, created_at=self._clock())
        return await self._rows.add(new) or await self._is_known(name)

    async def _is_known(self, name: RecordingId) -> bool:
        return bool(await self._rows.known([name]))

    async def _keep(self, live: LiveId, file: Path, seconds: float | None) -> None:
        name = _name_of(file)
        followed = self._followed.setdefault(file, _Followed(Carrier(self.objects, name, file)))
        await followed.stop()
        try:
            # A row that was there and is not any more was deleted by somebody, with the recording.
            if not followed.announced:
                wanted = followed.announced = await self._announce(live, file)
                await followed.carrier.resume()
            else:
                wanted = await self._is_known(name)
            size = await followed.carrier.finish() if wanted else 0
            if size and await self._rows.finish(name, seconds, size):
                log.info(
                    "= recording kept", live=live, room=_label(live), size=size, seconds=seconds
                )
            else:
                await self._rows.drop(name)
                await asyncio.to_thread(_remove, file)  # or it would be announced once more
                await self.objects.delete({name})
        except Exception:
            followed.failed = live, seconds
            raise
        await asyncio.to_thread(_remove, file)
        del self._followed[file]

    async def retry(self) -> None:
        """Keep what could not be kept before."""
        for file, followed in tuple(self._followed.items()):
            if followed.failed is not None:
                (live, seconds), followed.failed = followed.failed, None
                await _guarded(self._keep(live, file, seconds))

    async def _recover(self, left: Collection[RecordingId]) -> None:
        """What the object store has of recordings whose file is lost, with its machine."""
        for name, live in await self._rows.unfinished():
            if name in left or await self._ownership.find(f"{PREFIX}{live}") is not None:
                continue
            size = await self.objects.size(name)
            being_made = any(_name_of(file) == name for file in self._followed)
            if size and not being_made and await self._rows.finish(name, None, size):
                log.info("= recording recovered", recording=name, size=size)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(_guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _sweep_for_ever(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_EVERY)
            await self.retry()
            await _guarded(self._sweep())

    async def _sweep(self) -> None:
        if swept := await self.sweep():
            log.info("= swept recordings without a live", files=swept)


def _label(live: LiveId) -> str:
    return label_of(RoomKey(f"{PREFIX}{live}"))


async def _guarded(work: Awaitable[None]) -> None:
    """A file that cannot be kept now stays where it is, for the next sweep or the next start."""
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


def _name_of(file: Path) -> RecordingId:
    return RecordingId(file.stem)


def _remove(file: Path) -> None:
    file.unlink(missing_ok=True)
    with suppress(OSError):  # others are still being written there
        file.parent.rmdir()
