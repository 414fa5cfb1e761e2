"""Sound and picture on one line, whatever clocks say."""

from __future__ import annotations

import pytest

from media.packets import ntp
from media.packets.rtcp import SenderReport
from media.packets.rtp import Ssrc
from media.recording.alignment import Alignment, Timeline


def report(wall: float, rtp_time: int) -> SenderReport:
    return SenderReport(Ssrc(1), ntp.from_unix(wall), rtp_time & 0xFFFFFFFF, 0, 0)


def test_without_reports_the_arrival_decides() -> None:
    sound, picture = Timeline(48_000), Timeline(90_000)
    line = Alignment(sound, picture)
    picture.arrived(900_000, 50.0)
    sound.arrived(48_000, 50.5)
    assert line.place(picture, 900_000) == 0
    assert line.place(sound, 48_000) == pytest.approx(0.5)
    assert line.place(picture, 990_000) == pytest.approx(1.0)


def test_with_reports_the_sender_decides_and_the_picture_moves() -> None:
    sound, picture = Timeline(48_000), Timeline(90_000)
    line = Alignment(sound, picture)
    sound.arrived(0, 50.0)
    picture.arrived(2**32, 50.4)
    assert line.place(sound, 0) == 0
    sound.reported(report(7000.0, 0), 0)
    picture.reported(report(7000.1, 0), 2**32)  # the same moment of the day, 0.1 s on
    placed = line.place(picture, 2**32)
    assert placed is not None
    assert abs(placed - 0.1) < 0.001
    assert line.place(sound, 480) == pytest.approx(0.01)


def test_a_report_that_cannot_be_is_not_believed() -> None:
    sound, picture = Timeline(48_000), Timeline(90_000)
    line = Alignment(sound, picture)
    sound.arrived(0, 50.0)
    picture.arrived(0, 50.0)
    line.place(sound, 0)
    sound.reported(report(7000.0, 0), 0)
    picture.reported(report(9_999_999.0, 0), 0)
    assert line.place(picture, 90_000) == 1.0


def test_time_never_goes_back() -> None:
    picture = Timeline(90_000)
    line = Alignment(None, picture)
    picture.arrived(90_000, 1.0)
    assert line.place(picture, 90_000) == 0
    assert line.place(picture, 180_000) == 1.0
    later = line.place(picture, 91_000)
    assert later is not None
    assert later > 1.0
