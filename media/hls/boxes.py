"""Frames → a fragment of MP4, `moof` and `mdat` (ISO/IEC 14496-12, 8.8). Pure.

Tracks are numbered and timed as in the head, which FFmpeg writes (media.recording.head).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from struct import Struct

U32 = Struct("!I")
TFHD = Struct("!II")
TFDT = Struct("!IQ")
TRUN = Struct("!III")
SAMPLE = Struct("!III")

OFFSET_FROM_MOOF = 0x020000
DURATION_SIZE_FLAGS_OFFSET = 0x01000701
"""Version 1; each sample says its duration, size and flags, and the run where its data is."""
SYNC, NOT_SYNC = 0x02000000, 0x01010000
BOX_HEAD = 8


@dataclass(frozen=True, slots=True)
class Sample:
    """`duration` is in the track's ticks."""

    data: bytes
    duration: int
    keyframe: bool


@dataclass(frozen=True, slots=True)
class Run:
    """What a fragment has of one track: samples in a row from `start`, in the track's ticks."""

    track: int
    start: int
    samples: Sequence[Sample]


def fragment(number: int, runs: Sequence[Run]) -> bytes:
    """The `number`-th fragment of a stream, counted from 1."""
    # The offsets do not change how long the head is, so the first writing only measures it.
    length = len(_moof(number, runs, 0))
    data = [sample.data for run in runs for sample in run.samples]
    return _moof(number, runs, length + BOX_HEAD) + _box(b"mdat", *data)


def _moof(number: int, runs: Sequence[Run], offset: int) -> bytes:
    trafs = []
    for run in runs:
        trafs.append(_traf(run, offset))
        offset += sum(len(sample.data) for sample in run.samples)
    return _box(b"moof", _box(b"mfhd", bytes(4), U32.pack(number)), *trafs)


def _traf(run: Run, offset: int) -> bytes:
    samples = [
        SAMPLE.pack(each.duration, len(each.data), SYNC if each.keyframe else NOT_SYNC)
        for each in run.samples
    ]
    head = TRUN.pack(DURATION_SIZE_FLAGS_OFFSET, len(samples), offset)
    return _box(
        b"traf",
        _box(b"tfhd", TFHD.pack(OFFSET_FROM_MOOF, run.track)),
        _box(b"tfdt", TFDT.pack(1 << 24, run.start)),
        _box(b"trun", head, *samples),
    )


def _box(kind: bytes, *content: bytes) -> bytes:
    return b"".join((U32.pack(BOX_HEAD + sum(map(len, content))), kind, *content))
