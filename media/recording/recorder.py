"""Records what one room publishes, into one file after another.

A file goes on through a publisher's reload; it ends when the tracks or their codecs change, at its
limits, or when recording does. Frames that the writing process does not take in time are dropped:
the picture up to its next keyframe.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from media.codecs import Codec, Kind
from media.recording.assembly import Frame
from media.recording.plan import Plan, Written, container_of
from media.recording.process import WriterProcess
from media.recording.programme import Programme, Timed, usable
from media.recording.wire import PICTURE, SOUND
from media.recording.wire import Kind as Message
from media.routing.publication import Publication

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one recording, all its files together."""

    seconds: float = 4 * 3600.0
    bytes: int = 8 * 1024**3


class Recorder:
    """`follow` a publisher, `tick`, `close`. `started` is told of each file, `finished` when it is
    whole; None: the process that wrote it died, and the file is as far as it came."""

    def __init__(
        self,
        folder: Path,
        writer: WriterProcess,
        limits: Limits,
        *,
        started: Callable[[Path], None],
        finished: Callable[[Path, Written | None], None],
        egress: bytearray,
        clock: Callable[[], float],
    ) -> None:
        self._folder = folder
        self._writer = writer
        self._limits = limits
        self._started = started
        self._finished = finished
        self._egress = egress
        self._clock = clock
        self._file: _File | None = None
        self.seconds = 0.0
        self.bytes = 0
        self.dropped = 0
        self.closed = False

    def follow(self, publications: dict[Kind, Publication], now: float) -> None:
        """Record these from now on; what was followed before is over."""
        if self.closed:
            return
        wanted = usable(publications)
        if self._file is not None and not self._file.programme.fits(wanted):
            self._end_file()
        if self._file is None and wanted:
            self._file = _File(self, {kind: each.codec for kind, each in wanted.items()})
        if self._file is not None:
            self._file.programme.follow(wanted, now)

    def tick(self, now: float) -> None:
        """Every 50 ms or so."""
        if self._file is None:
            return
        self._file.tick(now)
        if self.seconds >= self._limits.seconds or self.bytes >= self._limits.bytes:
            logger.info("= recording at its limit: %.0f s, %d bytes", self.seconds, self.bytes)
            self.close()

    def close(self) -> None:
        """Record no more. The last file is finished by and by."""
        self.closed = True
        self._end_file()

    def stats(self) -> dict[str, float]:
        return {"seconds": self.seconds, "bytes": self.bytes, "dropped": self.dropped}

    def begin_file(self, plan: Plan) -> int:
        path = Path(plan.path)

        def closed(answer: object) -> None:
            body = getattr(answer, "body", None)
            self._finished(path, Written.of(body) if body is not None else None)

        number = self._writer.begin(closed)
        self._writer.send(Message.OPEN, number, plan.to_json())
        self._started(path)
        return number

    def write(self, number: int, stream: int, second: float, frame: Frame) -> bool:
        kind = Message.KEYFRAME if frame.keyframe else Message.FRAME
        at = round(second * 1e6)
        return self._writer.send(kind, number, frame.data, stream=stream, at=at)

    def end_file(self, number: int) -> None:
        self._writer.send(Message.CLOSE, number)

    def programme(self, codecs: dict[Kind, Codec]) -> Programme:
        return Programme(codecs, egress=self._egress, clock=self._clock)

    def new_path(self, container: str) -> str:
        return str(self._folder / f"{secrets.token_urlsafe(16)}.{container}")

    def _end_file(self) -> None:
        if self._file is not None:
            self._file.close(self._clock())
            self._file = None


class _File:
    """One file being written, from a first keyframe on."""

    def __init__(self, owner: Recorder, codecs: dict[Kind, Codec]) -> None:
        self._owner = owner
        self.programme = owner.programme(codecs)
        self._number: int | None = None
        self._began_at = owner.seconds
        self._skipping = False

    def tick(self, now: float) -> None:
        for timed in self.programme.frames(now):
            if self._number is None:
                self._number = self._begin()
            self._write(self._number, timed)

    def close(self, now: float) -> None:
        if self._number is not None:
            self.tick(now)
            self._owner.end_file(self._number)
        self.programme.leave()

    def _begin(self) -> int:
        codecs = self.programme.codecs
        container = container_of(codecs.get("video"))
        path = self._owner.new_path(container)
        plan = Plan(path, container, codecs.get("audio"), codecs.get("video"))
        return self._owner.begin_file(plan)

    def _write(self, number: int, timed: Timed) -> None:
        picture, frame = timed.kind == "video", timed.frame
        if picture and self._skipping and not frame.keyframe:
            self._owner.dropped += 1
            return
        stream = PICTURE if picture else SOUND
        if not self._owner.write(number, stream, timed.second, frame):
            self._owner.dropped += 1
            if picture:
                self._skipping = True
                self.programme.want_keyframe()
            return
        if picture:
            self._skipping = False
        self._owner.bytes += len(frame.data)
        self._owner.seconds = max(self._owner.seconds, self._began_at + timed.second)
