"""Frames in the order of their arrival → parts and segments of a window. Pure.

A part ends when it is long enough, a segment before a keyframe. A frame's duration is known when
the next one comes, so the newest of each track waits.

    part     0.43 to 0.5 s (the draft wants 85 % of the target at least), shorter at a segment's end
    segment  from a keyframe to the next one that is 0.9 s away; after 3.5 s without one, even so
"""

from __future__ import annotations

from collections.abc import Iterable

from media.codecs import Kind
from media.hls.boxes import Run, Sample, fragment
from media.hls.window import PART_TARGET, TARGET, Part, Window

PART = 0.43
SHORTEST = 0.9
LONGEST = TARGET - PART_TARGET
JUMP = 1.0
"""Seconds without anything: players would stand still, so time goes on behind the gap."""
SOUND_LAGS = 0.8
"""Seconds that sound may be behind the picture before silence takes its place."""
SOUND_KEEPS = 0.3
"""Seconds that silence stays behind, so that sound which comes back is not too late."""
SILENCE = b"\xf8\xff\xfe"
"""An Opus packet of 20 ms in which nothing sounds."""
FRAME = 0.02
"""Seconds of the last frame before a gap."""
TRACKS: dict[Kind, tuple[int, int]] = {"video": (1, 90_000), "audio": (2, 48_000)}
"""Number and ticks a second, as in the head."""


class Track:
    """Samples that wait for their part; the newest frame is held, as its duration is not known."""

    def __init__(self, kind: Kind) -> None:
        self.number, self._rate = TRACKS[kind]
        self._held: tuple[int, bytes, bool] | None = None
        self._samples: list[Sample] = []
        self._start = 0

    def reach(self, second: float) -> bool:
        """The held frame lasts until then. False for a time before it: silence took its place."""
        if self._held is None:
            return True
        at = round(second * self._rate)
        if at <= self._held[0]:
            return False
        self._release(at)
        return True

    def hold(self, second: float, data: bytes, *, keyframe: bool) -> None:
        self._held = round(second * self._rate), data, keyframe

    def behind(self, second: float, *, since: float) -> float:
        """Seconds from the newest frame, or from `since` where there is none."""
        return second - (since if self._held is None else self._held[0] / self._rate)

    def settle(self) -> None:
        """There is a gap behind the newest frame."""
        if self._held is not None:
            self._release(self._held[0] + round(FRAME * self._rate))

    def take(self) -> Run | None:
        """The samples for a part."""
        if not self._samples:
            return None
        run = Run(self.number, self._start, self._samples)
        self._samples = []
        return run

    def _release(self, end: int) -> None:
        assert self._held is not None
        at, data, keyframe = self._held
        self._held = None
        if not self._samples:
            self._start = at
        self._samples.append(Sample(data, end - at, keyframe))


class Fragmenter:
    """`add` frames; parts and segments appear in `window`, which has a head already."""

    def __init__(self, window: Window, kinds: Iterable[Kind], second: float) -> None:
        self._window = window
        self._tracks = {kind: Track(kind) for kind in TRACKS if kind in set(kinds)}
        self._sound = self._tracks.get("audio")
        self._position = second
        """Of the newest frame of any track."""
        self._since = self._segment = self._part = second
        """Where what hangs together began, and the open segment and part of it."""
        self._opened = False
        """Whether a player can begin with the open segment."""
        self._count = 0

    def add(self, kind: Kind, second: float, data: bytes, *, keyframe: bool) -> None:
        """A frame as MP4 holds it. `second` only grows within a track."""
        if second - self._position > JUMP:
            self._jump(second)
        track = self._tracks[kind]
        if not track.reach(second):
            return
        self._position = max(self._position, second)
        leads = kind == "video" or "video" not in self._tracks
        self._cut(opens=leads and keyframe)
        track.hold(second, data, keyframe=keyframe)

    def finish(self) -> None:
        """There is no more to come: what waits goes out."""
        for track in self._tracks.values():
            track.settle()
        self._end_part()

    def _cut(self, *, opens: bool) -> None:
        lasted = self._position - self._segment
        if lasted >= LONGEST or (opens and (lasted >= SHORTEST or not self._opened)):
            self._end_part()
            self._window.end()
            self._segment = self._position
            self._opened = opens
        elif self._position - self._part >= PART:
            self._end_part()

    def _jump(self, second: float) -> None:
        self.finish()
        self._window.interrupt()
        self._position = self._since = self._segment = self._part = second
        self._opened = False

    def _end_part(self) -> None:
        if self._sound is not None:
            self._fill(self._sound)
        runs = [run for track in self._tracks.values() if (run := track.take()) is not None]
        if not runs:
            return
        self._count += 1
        leads = runs[0].track == next(iter(self._tracks.values())).number
        part = Part(
            fragment(self._count, runs),
            max(self._position - self._part, 0.001),
            leads and runs[0].samples[0].keyframe,
        )
        self._window.add(part)
        self._part = self._position

    def _fill(self, sound: Track) -> None:
        """Players stand still without sound, too."""
        if sound.behind(self._position, since=self._since) > SOUND_LAGS:
            filled = self._position - SOUND_KEEPS
            sound.reach(filled)
            sound.hold(filled, SILENCE, keyframe=True)
