"""From RTP to files that FFmpeg reads: whole, in step, through loss and reloads."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import av
import pytest

from media.events import RecordingFinished, RecordingStarted
from media.recording.process import WriterProcess
from media.recording.recorder import Limits
from media.recording.recordings import Recordings
from tests.clients.waiting import eventually

ROOM = "live/1"


class House:
    """Recordings of one room, whose show and clock the test turns."""

    def __init__(self, folder: Path, snapshots: float = 0.0) -> None:
        self.folder = folder
        self.now = 1000.0
        self.show: Any = None
        self.begun: list[RecordingStarted] = []
        self.told: list[RecordingFinished] = []
        self.writer = WriterProcess()
        self.recordings = Recordings(
            snapshots,
            self._hear,
            self.writer,
            egress=bytearray(2048),
            clock=lambda: self.now,
        )

    def _hear(self, event: RecordingStarted | RecordingFinished) -> None:
        if isinstance(event, RecordingStarted):
            self.begun.append(event)
        else:
            self.told.append(event)

    def shown(self, _: str) -> dict[Any, Any]:
        if self.show is None:
            return {}
        return {"audio": self.show.sound.publication, "video": self.show.picture.publication}

    async def watch(self, play: Any) -> None:
        """Let time pass as the show plays."""
        for now in play:
            self.now = now
            self.recordings.tick([ROOM], self.shown, now)
            for ssrc in self.show.picture.publication.tick(now):
                del ssrc  # the fixture's pictures have a keyframe each second by themselves
            await asyncio.sleep(0)

    async def files(self, count: int = 1) -> list[RecordingFinished]:
        await eventually(self._files, f"{count} files")
        assert len(self.told) == count
        return self.told

    async def _files(self) -> bool:
        return bool(self.told)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    made = House(tmp_path)
    yield made
    await made.recordings.close()


def size_of(path: str) -> int:
    return Path(path).stat().st_size


def played(path: str) -> tuple[list[float], list[float]]:
    """Seconds of every picture and every sound that a decoder gets out of a file, to its end."""
    found: list[list[float]] = []
    for kind in ("video", "audio"):
        with av.open(path) as file:
            frames = file.decode(**{kind: 0})
            found.append([float(frame.time) for frame in frames if frame.time is not None])
    return found[0], found[1]


@pytest.mark.parametrize(("codec", "type_"), [("VP8", "video/webm"), ("H264", "video/mp4")])
async def test_what_is_shown_can_be_played(
    house: House, make_show: Callable[..., Any], codec: str, type_: str
) -> None:
    house.show = make_show(codec)
    house.recordings.record(ROOM, house.folder, Limits())
    await house.watch(house.show.play(4.0))
    house.recordings.stop(ROOM)
    (file,) = await house.files()
    assert (file.media_type, file.width, file.height) == (type_, 320, 180)
    assert size_of(file.path) == file.size
    assert house.begun == [RecordingStarted(ROOM, file.path)]
    pictures, sounds = played(file.path)
    # The subscription begins with the second keyframe at the latest, a second in.
    assert 70 <= len(pictures) <= 100
    assert pictures == sorted(pictures)
    assert abs(pictures[-1] - len(pictures) / 25) < 0.1
    assert abs(sounds[-1] - pictures[-1]) < 0.1
    assert file.seconds is not None
    assert abs(file.seconds - pictures[-1]) < 0.1


async def test_sound_and_picture_are_put_in_step_by_sender_reports(
    house: House, make_show: Callable[..., Any]
) -> None:
    house.show = make_show("VP8", late=0.3)
    house.recordings.record(ROOM, house.folder, Limits())
    await house.watch(house.show.play(4.0))
    house.recordings.stop(ROOM)
    (file,) = await house.files()
    pictures, sounds = played(file.path)
    # What is said at 4.00 s is shown at 4.00 s; its picture was still on the way: 3.70 came last.
    assert abs((sounds[-1] - pictures[-1]) - 0.3) < 0.08


async def test_a_lost_picture_leaves_nothing_half_decoded(
    house: House, make_show: Callable[..., Any]
) -> None:
    house.show = make_show("VP8")
    house.recordings.record(ROOM, house.folder, Limits())
    await house.watch(house.show.play(4.0, lost=lambda number: number == 55))
    house.recordings.stop(ROOM)
    (file,) = await house.files()
    pictures, sounds = played(file.path)
    gaps = [later - sooner for sooner, later in itertools.pairwise(pictures)]
    # From the loss to the next keyframe, 20 pictures on, and nowhere else.
    assert [round(gap, 1) for gap in gaps if gap > 0.1] == [0.8]
    assert max(b - a for a, b in itertools.pairwise(sounds)) < 0.05


async def test_a_file_goes_on_when_the_publisher_reloads(
    house: House, make_show: Callable[..., Any]
) -> None:
    house.show = make_show("VP8")
    house.recordings.record(ROOM, house.folder, Limits())
    await house.watch(house.show.play(2.0))
    house.show.picture.publication.close()
    house.show.sound.publication.close()
    house.show = make_show("VP8")
    await house.watch(house.show.play(2.0, first=4.0))
    house.recordings.stop(ROOM)
    (file,) = await house.files()
    pictures, _ = played(file.path)
    assert pictures[-1] > 4.5


async def test_another_codec_begins_another_file(
    house: House, make_show: Callable[..., Any]
) -> None:
    house.recordings.record(ROOM, house.folder, Limits())
    for first, codec in ((0.0, "VP8"), (2.0, "H264")):
        house.show = make_show(codec)
        await house.watch(house.show.play(2.0, first=first))
    house.recordings.stop(ROOM)
    await eventually(lambda: _true(len(house.told) == 2), "two files")
    assert [each.media_type for each in house.told] == ["video/webm", "video/mp4"]
    assert [each.path for each in house.begun] == [each.path for each in house.told]
    for each in house.told:
        pictures, _ = played(each.path)
        assert len(pictures) >= 20


async def _true(value: bool) -> bool:
    return value


async def test_a_recording_ends_at_its_limit(house: House, make_show: Callable[..., Any]) -> None:
    house.show = make_show("VP8")
    house.recordings.record(ROOM, house.folder, Limits(seconds=1.5))
    await house.watch(house.show.play(4.0))
    (file,) = await house.files()
    assert file.seconds is not None
    assert 1.4 < file.seconds < 1.7


async def test_a_file_that_cannot_be_is_told_of_and_harms_no_other(
    house: House, make_show: Callable[..., Any], tmp_path: Path
) -> None:
    house.show = make_show("VP8")
    house.recordings.record(ROOM, tmp_path / "not" / "there", Limits())
    await house.watch(house.show.play(2.0))
    house.recordings.stop(ROOM)
    (file,) = await house.files()
    assert (file.path, file.size) == (house.begun[0].path, 0)
    house.told.clear()
    house.show = make_show("VP8")
    house.recordings.record(ROOM, house.folder, Limits())
    await house.watch(house.show.play(2.0, first=4.0))
    house.recordings.stop(ROOM)
    (file,) = await house.files()
    assert file.size > 0


async def test_nothing_is_written_where_nothing_is_shown(house: House, tmp_path: Path) -> None:
    house.recordings.record(ROOM, house.folder, Limits())
    house.recordings.tick([ROOM], house.shown, 1.0)
    house.recordings.stop(ROOM)
    assert os.listdir(tmp_path) == []
    assert house.writer.pid is None


@pytest.mark.parametrize("codec", ["VP8", "H264"])
async def test_a_writer_that_is_killed_leaves_what_it_wrote(
    house: House, make_show: Callable[..., Any], codec: str
) -> None:
    house.show = make_show(codec)
    house.recordings.record(ROOM, house.folder, Limits())
    await house.watch(house.show.play(4.0))
    # It has all of it, but nobody tells it to finish.
    await eventually(lambda: _true(house.writer.queued == 0 and house.writer.pid is not None), "")
    await asyncio.sleep(0.3)
    assert house.writer.pid is not None
    os.kill(house.writer.pid, signal.SIGKILL)
    (file,) = await house.files()
    assert file.seconds is None
    pictures, sounds = played(file.path)
    assert pictures[-1] > 1.5
    assert abs(pictures[-1] - sounds[-1]) < 1.0


async def test_a_picture_is_taken_now_and_then(
    tmp_path: Path, make_show: Callable[..., Any]
) -> None:
    house = House(tmp_path, snapshots=1.0)
    house.show = make_show("VP8")
    assert house.recordings.snapshot(ROOM) is None
    await house.watch(house.show.play(1.5))
    await eventually(lambda: _true(house.recordings.snapshot(ROOM) is not None), "a picture")
    first = house.recordings.snapshot(ROOM)
    assert first is not None
    assert first.webp[:4] == b"RIFF"
    assert first.webp[8:12] == b"WEBP"
    # Between two pictures nobody is subscribed: it costs nothing.
    assert list(house.show.picture.publication.subscriptions) == []
    await house.watch(house.show.play(2.5, first=1.5))
    await eventually(
        lambda: _true((house.recordings.snapshot(ROOM) or first).number > 1), "another picture"
    )
    house.recordings.tick([], house.shown, house.now)
    assert house.recordings.snapshot(ROOM) is None
    await house.recordings.close()
