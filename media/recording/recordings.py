"""All recordings and snapshots of one SFU, and the one process that writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from media.codecs import Kind
from media.events import RecordingFinished, RecordingStarted
from media.recording.plan import MEDIA_TYPES, Written
from media.recording.process import WriterProcess
from media.recording.recorder import Limits, Recorder
from media.recording.snapshots import Snapshot, Snapshots
from media.routing.publication import Publication

Shown = Callable[[str], Mapping[Kind, Publication]]
"""What a room's publisher shows now; empty without one."""


class Recordings:
    """Rooms by key. Who publishes is looked up at each tick, so that rooms know nothing of it.

    `snapshots`: seconds between a room's pictures, 0 for none.
    """

    def __init__(
        self,
        snapshots: float,
        told: Callable[[RecordingStarted | RecordingFinished], None],
        writer: WriterProcess,
        *,
        egress: bytearray,
        clock: Callable[[], float],
    ) -> None:
        self._every = snapshots
        self._told = told
        self._egress = egress
        self._clock = clock
        self._writer = writer
        self._recorders: dict[str, Recorder] = {}
        self._followed: dict[str, Mapping[Kind, Publication]] = {}
        self._snapshots: dict[str, Snapshots] = {}

    def record(self, room: str, folder: Path, limits: Limits) -> None:
        """Record what the room publishes, now and later, until `stop`. Idempotent."""
        if room not in self._recorders:
            self._recorders[room] = Recorder(
                folder,
                self._writer,
                limits,
                started=lambda path: self._told(RecordingStarted(room, str(path))),
                finished=partial(self._finished, room),
                egress=self._egress,
                clock=self._clock,
            )

    def stop(self, room: str) -> None:
        """Idempotent; the last file is told of when it is whole."""
        recorder = self._recorders.pop(room, None)
        self._followed.pop(room, None)
        if recorder is not None:
            recorder.close()

    def snapshot(self, room: str) -> Snapshot | None:
        """The room's latest picture."""
        found = self._snapshots.get(room)
        return found.latest if found is not None else None

    def tick(self, rooms: Iterable[str], shown: Shown, now: float) -> None:
        """Every 50 ms or so; `rooms` are those that exist."""
        for room, recorder in self._recorders.items():
            showing = shown(room)
            # Compared by identity: a publisher that reloads has other publications.
            if showing and not _same(showing, self._followed.get(room, {})):
                self._followed[room] = showing
                recorder.follow(dict(showing), now)
            recorder.tick(now)
        if self._every:
            self._take_snapshots(frozenset(rooms), shown, now)

    @property
    def count(self) -> int:
        """Of recorders and of those who take pictures."""
        return len(self._recorders) + len(self._snapshots)

    def stats(self) -> dict[str, Any]:
        return {
            "recording": len(self._recorders),
            "queued_bytes": self._writer.queued,
            "dropped_frames": sum(each.dropped for each in self._recorders.values()),
        }

    async def close(self) -> None:
        """Finish every file, and end the process that writes them."""
        for room in tuple(self._recorders):
            self.stop(room)
        for snapshots in self._snapshots.values():
            snapshots.close()
        await self._writer.close()

    def _take_snapshots(self, rooms: frozenset[str], shown: Shown, now: float) -> None:
        for room in self._snapshots.keys() - rooms:
            self._snapshots.pop(room).close()
        for room in rooms:
            video = shown(room).get("video")
            if video is None and room not in self._snapshots:
                continue
            if room not in self._snapshots:
                self._snapshots[room] = Snapshots(
                    self._every, self._writer, egress=self._egress, clock=self._clock
                )
            self._snapshots[room].tick(video, now)

    def _finished(self, room: str, path: Path, written: Written | None) -> None:
        self._told(
            RecordingFinished(
                room,
                str(path),
                MEDIA_TYPES["mp4" if path.suffix == ".mp4" else "webm"],
                seconds=written.seconds if written is not None else None,
                size=written.size if written is not None else 0,
                width=written.width if written is not None else 0,
                height=written.height if written is not None else 0,
            )
        )


def _same(one: Mapping[Kind, Publication], other: Mapping[Kind, Publication]) -> bool:
    return one.keys() == other.keys() and all(one[kind] is other[kind] for kind in one)
