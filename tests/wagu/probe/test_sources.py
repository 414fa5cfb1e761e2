"""What a probe sends can be seen and heard."""

from __future__ import annotations

import math

import av
import pytest
from aiortc.mediastreams import MediaStreamError

from wagu.probe.errors import ProbeFailed
from wagu.probe.sources import TestPicture as Picture  # pytest takes it for a test
from wagu.probe.sources import Tone, from_file


@pytest.mark.parametrize(("width", "height"), [(640, 360), (322, 182)])
def test_bars_and_a_block_that_walks(width, height):
    source = Picture(width, height, 20)
    first, later = (source.picture(number).to_rgb().to_ndarray() for number in (0, 5))
    assert first.shape == (height, width, 3)
    left, right = first[2, 4], first[2, width - 4]
    assert min(left) > 220, "white"
    assert max(right) < 30, "black"
    assert (first != later).any()
    assert (first[0] == later[0]).all(), "the block is in the middle"


async def test_frames_come_in_their_time():
    source = Picture(64, 36, 50)
    frames = [await source.recv() for _ in range(3)]
    assert [frame.pts for frame in frames] == [0, 1800, 3600]
    source.stop()
    with pytest.raises(MediaStreamError):
        await source.recv()


async def test_a_tone_is_heard():
    tone = Tone()
    frames = [await tone.recv() for _ in range(2)]
    assert [frame.pts for frame in frames] == [0, 960]
    wave = frames[1].to_ndarray()[0]
    assert abs(int(wave[0]) - round(8000 * math.sin(2 * math.pi * 440 * 0.02))) <= 1
    assert max(wave) > 7000


def test_a_file_that_is_none(tmp_path):
    (tmp_path / "x.mp4").write_text("no video")
    with pytest.raises(ProbeFailed, match=r"x\.mp4 cannot be read"):
        from_file(tmp_path / "x.mp4")


async def test_a_file_is_sent_again_and_again(tmp_path):
    path = tmp_path / "tone.ogg"
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libopus", rate=48_000)
        tone = Tone()
        for _ in range(5):
            output.mux(stream.encode(await tone.recv()))
        output.mux(stream.encode(None))
    (track,) = from_file(path)
    frames = [await track.recv() for _ in range(12)]
    assert len(frames) == 12, "more than the file has"
    track.stop()
