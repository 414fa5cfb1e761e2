"""From RTP to HLS and back: begun by the first request, bounded, gone when nobody asks."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import av
import pytest

from media.errors import HlsBusy, NoHls, NoSegment, TooEarly
from media.hls import broadcast
from media.hls.broadcasts import IDLE, Broadcasts
from media.hls.waiting import Waiting
from media.recording.process import WriterProcess
from tests.clients.waiting import eventually
from tests.media.recording.conftest import Show

ROOM = "live/1"
PART = re.compile(r'#EXT-X-PART:DURATION=([\d.]+),URI="([^"]+)"(,INDEPENDENT=YES)?')


class House:
    """A room whose show and clock the test turns."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.show: Show | None = None
        self.writer = WriterProcess()
        self.asked_keyframes = 0
        self.hls = Broadcasts(
            self.writer, self.shown, egress=bytearray(2048), clock=lambda: self.now
        )

    def shown(self, _: str) -> dict[Any, Any]:
        if self.show is None:
            return {}
        return {"audio": self.show.sound.publication, "video": self.show.picture.publication}

    async def watch(self, play: Iterator[float]) -> None:
        """Let time pass as the show plays; the writing process gets its turn before it goes on."""
        for now in play:
            self.now = now
            self.hls.tick(now)
            assert self.show is not None
            self.asked_keyframes += len(self.show.picture.publication.tick(now))
            await asyncio.sleep(0)
            await eventually(self.headed, "a head")

    async def headed(self) -> bool:
        return all(each._head_asked is None for each in self.hls._broadcasts.values())

    async def text(self) -> str:
        return await self.hls.playlist(ROOM, None, None)


@pytest.fixture
async def house() -> AsyncIterator[House]:
    made = House()
    yield made
    made.hls.close()
    await made.writer.close()


async def played(house: House, text: str) -> tuple[list[float], list[float]]:
    """Seconds of all pictures and sounds in the playlist's segments, as a decoder gets them."""
    (head,) = re.findall(r'#EXT-X-MAP:URI="([^"]+)"', text)
    segments = re.findall(r"^\d+\.m4s$", text, re.MULTILINE)
    data = await house.hls.file(ROOM, head)
    for name in segments:
        data += await house.hls.file(ROOM, name)
    found = []
    for kind in ("video", "audio"):
        with av.open(io.BytesIO(data)) as file:
            assert file.streams.video[0].width == 320
            found.append([float(f.time) for f in file.decode(**{kind: 0}) if f.time is not None])
    return found[0], found[1]


async def test_a_live_can_be_played(house: House) -> None:
    house.show = Show("H264")
    asked = asyncio.create_task(house.text())
    await house.watch(house.show.play(8.0))
    first = await asked
    assert first.count("#EXTINF") == 1, "answered as soon as a segment is whole"
    text = await house.text()
    pictures, sounds = await played(house, text)
    spans = [float(each) for each in re.findall(r"#EXTINF:([\d.]+)", text)]
    assert len(spans) >= 5
    assert all(0.9 < span < 1.2 for span in spans), "the show has a keyframe each second"
    assert abs(pictures[-1] - pictures[0] - sum(spans)) < 0.1
    assert len(pictures) == pytest.approx(sum(spans) * 25, abs=1)
    assert abs(sounds[-1] - pictures[-1]) < 0.1
    parts = PART.findall(text)
    assert len(parts) >= 6
    for _, name, independent in parts:
        data = await house.hls.file(ROOM, name)
        assert (b"\x02\x00\x00\x00" in data[:200]) >= bool(independent)


async def test_a_request_waits_for_the_part_that_it_names(house: House) -> None:
    house.show = Show("H264")
    asked = asyncio.create_task(house.text())
    await house.watch(house.show.play(4.0))
    await asked
    hinted = re.search(r'PRELOAD-HINT:TYPE=PART,URI="(\d+)\.(\d+)\.m4s"', await house.text())
    assert hinted is not None
    number, index = int(hinted[1]), int(hinted[2])
    waiting = asyncio.create_task(house.hls.playlist(ROOM, number, index))
    part = asyncio.create_task(house.hls.file(ROOM, f"{number}.{index}.m4s"))
    await asyncio.sleep(0.02)
    assert not waiting.done()
    assert house.hls.stats()["waiting"] == 2
    await house.watch(house.show.play(1.0, first=4.0))
    assert f'URI="{number}.{index}.m4s"' in await waiting
    assert await part
    with pytest.raises(TooEarly):
        await house.hls.playlist(ROOM, number + 10, None)
    for name in ("1.m4s", f"{number}.99.m4s", f"head-{number + 9}.mp4", "../etc/passwd", ""):
        with pytest.raises(NoSegment):
            await house.hls.file(ROOM, name)


async def test_waiting_is_bounded(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcast, "PATIENCE", 0.05)
    house.show = Show("H264")  # which never plays
    with pytest.raises(HlsBusy):
        await house.text()
    waiting = Waiting(most=2)
    held = [asyncio.create_task(waiting.until(lambda: False, 5)) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(HlsBusy):
        await waiting.until(lambda: False, 5)
    for each in held:
        each.cancel()
    await asyncio.gather(*held, return_exceptions=True)
    assert len(waiting) == 0


async def test_what_mp4_lacks_cannot_be_had(house: House) -> None:
    with pytest.raises(NoHls):
        await house.text()
    house.show = Show("VP8")
    assert not house.hls.can(ROOM)
    with pytest.raises(NoHls):
        await house.text()
    assert house.hls.stats()["streams"] == 0


async def test_it_ends_when_nobody_asks_and_begins_again_with_higher_numbers(house: House) -> None:
    house.show = Show("H264")
    asked = asyncio.create_task(house.text())
    await house.watch(house.show.play(3.0))
    first = await asked
    house.hls.tick(house.now + IDLE + 1)
    assert house.hls.stats() == {"streams": 0, "waiting": 0, "bytes": 0}
    assert not list(house.show.picture.publication.subscriptions), "it costs nothing any more"
    with pytest.raises(NoSegment):
        await house.hls.file(ROOM, re.findall(r"^\d+\.m4s$", first, re.MULTILINE)[0])
    asked = asyncio.create_task(house.text())
    await house.watch(house.show.play(3.0, first=40.0))
    again = await asked
    numbers = [int(re.findall(r"SEQUENCE:(\d+)", text)[0]) for text in (first, again)]
    assert numbers[1] > numbers[0] + 30


async def test_a_publisher_that_reloads_goes_on_behind_a_discontinuity(house: House) -> None:
    house.show = Show("H264")
    asked = asyncio.create_task(house.text())
    await house.watch(house.show.play(3.0))
    await asked
    house.show = Show("H264")
    await house.watch(house.show.play(3.0, first=5.0))
    text = await house.text()
    assert text.count("#EXT-X-DISCONTINUITY\n") == 1
    # The encoder is the same: one head does.
    pictures, _ = await played(house, text)
    assert len(pictures) >= 75
    house.show = Show("VP8")
    house.hls.tick(house.now + 0.1)
    assert house.hls.stats()["streams"] == 0, "in a codec that cannot be shown"


async def test_another_size_gets_a_head_of_its_own(house: House) -> None:
    house.show = Show("H264")
    asked = asyncio.create_task(house.text())
    await house.watch(house.show.play(3.0))
    await asked
    house.show = Show("H264", size=(640, 360))
    await house.watch(house.show.play(4.0, first=3.0))
    text = await house.text()
    before, after = text.split("#EXT-X-DISCONTINUITY\n")
    for half, width in ((before, 320), (after, 640)):
        names = re.findall(r"head-\d+\.mp4|^\d+\.m4s$", half, re.MULTILINE)
        assert names[0].startswith("head-")
        data = b"".join([await house.hls.file(ROOM, name) for name in names])
        with av.open(io.BytesIO(data)) as file:
            assert {frame.width for frame in file.decode(video=0)} == {width}


async def test_the_end_of_the_room_is_told_to_those_who_wait(house: House) -> None:
    house.show = Show("H264")
    asked = asyncio.create_task(house.text())
    await house.watch(house.show.play(3.0))
    last = re.findall(r'HINT:TYPE=PART,URI="(\d+)', await asked)[0]
    waiting = asyncio.create_task(house.hls.playlist(ROOM, int(last) + 1, None))
    await asyncio.sleep(0.01)
    house.hls.stop(ROOM)
    assert "#EXT-X-ENDLIST" in await waiting


async def test_keyframes_are_asked_for_while_it_runs_and_not_without(house: House) -> None:
    house.show = Show("H264")
    await house.watch(house.show.play(3.0))
    assert house.asked_keyframes == 0
    asked = asyncio.create_task(house.text())
    await house.watch(house.show.play(3.0, first=3.0))
    await asked
    assert house.asked_keyframes >= 1


async def test_a_writing_process_that_dies_is_survived(house: House) -> None:
    house.show = Show("H264")
    house.writer._command = ("false",)
    asked = asyncio.create_task(house.text())
    await house.watch(house.show.play(1.0))
    assert not asked.done()
    house.writer._command = WriterProcess()._command
    await house.watch(house.show.play(4.0, first=1.0))
    assert "#EXTINF" in await asked
