"""Figures out of what aiortc counts, and as a person or a program reads them."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from wagu.probe.errors import ProbeFailed
from wagu.probe.figures import Figures, Meter, Stream, received, sent
from wagu.probe.report import as_json, line, table
from wagu.probe.sinks import Picture, Screen
from wagu.probe.site import Link


def stat(kind, type_, **fields):
    return SimpleNamespace(kind=kind, type=type_, **fields)


def transport(up, down):
    return SimpleNamespace(type="transport", bytesSent=up, bytesReceived=down)


def test_what_is_sent_with_what_the_server_says_of_it():
    report = [
        stat("video", "outbound-rtp", ssrc=1, packetsSent=100),
        stat("video", "remote-inbound-rtp", ssrc=1, packetsLost=10, jitter=900, roundTripTime=0.05),
        stat("audio", "outbound-rtp", ssrc=2, packetsSent=50),
        stat("audio", "outbound-rtp", ssrc=3, packetsSent=0),
    ]
    assert sent(report) == {"video": Stream(90, 10, 10.0, 50.0), "audio": Stream(50)}
    assert sent(report)["video"].loss == 0.1


def test_slots_are_summed():
    report = [
        stat("audio", "inbound-rtp", packetsReceived=90, packetsLost=10, jitter=480),
        stat("audio", "inbound-rtp", packetsReceived=100, packetsLost=0, jitter=48),
    ]
    (stream,) = received(report).values()
    assert stream == Stream(190, 10, 10.0)
    assert stream.loss == 0.05


def test_rates_are_those_since_the_last_look_and_in_the_end_of_all():
    meter = Meter(begun=9.0, now=10.0)
    first = meter.read({"t": transport(1000, 0)}, 11.0, picture=Picture(), voices=0)
    assert (first.up, first.down, first.seconds, first.connected) == (8000, 0, 1, 1)
    second = meter.read({"t": transport(1000, 500)}, 12.0, estimate=900)
    assert (second.up, second.down, second.estimate) == (0, 4000, 900)
    whole = meter.whole({"t": transport(1000, 500)}, 12.0)
    assert (whole.up, whole.down) == (4000, 2000)


def test_a_picture_that_stands_still():
    screen = Screen(begun=100.0)
    assert screen.read(105.0) == Picture()
    for number in range(25):
        screen.show(101.0 + number / 25, 640, 360)
    last = 101.0 + 24 / 25
    assert screen.read(last + 0.1) == Picture(25, 640, 360, 1.0, 0, 0.0)
    assert screen.read(last + 0.5).freezes == 1, "one that goes on"
    screen.show(last + 0.5, 320, 180)
    seen = screen.read(last + 0.54)
    assert (seen.frames, seen.width, seen.freezes, seen.switches) == (26, 320, 1, 1)
    assert seen.frozen == pytest.approx(0.5)


def test_a_slow_picture_is_no_freeze():
    screen = Screen(begun=0.0)
    for number in range(10):
        screen.show(float(number), 64, 36)
    assert screen.read(9.9).freezes == 0


FIGURES = Figures(
    seconds=5.0,
    connected=0.25,
    up=20_000,
    down=1_000_000,
    received={"audio": Stream(250, 0, 1.5), "video": Stream(475, 25, 4.0)},
    picture=Picture(100, 640, 360, 0.5, 1, 0.75, 2),
    estimate=1_250_000,
)


def test_a_person_reads():
    assert "video 475 packets, loss 5.0 %" in line(FIGURES)
    assert "100 frames 640×360  1 freezes, 2 layer switches  estimate 1250 kbit/s" in line(FIGURES)
    whole = "\n".join(table(FIGURES))
    assert "received video" in whole
    assert "first frame after 500 ms; 100 frames of 640×360 decoded, 21.1 a second" in whole
    assert "1 freezes, 0.8 s in all; 2 layer switches" in whole
    assert "estimated to carry 1250 kbit/s" in whole
    assert not any("estimate" in each for each in [line(Figures()), *table(Figures())])


def test_a_program_reads():
    read = json.loads(as_json(FIGURES))
    assert (read["connected"], read["down"], read["sent"]) == (250, 1_000_000, {})
    assert read["received"]["video"] == {
        "packets": 475, "lost": 25, "loss": 0.05, "jitter": 4.0, "rtt": None,
    }  # fmt: skip
    assert (read["picture"]["frozen"], read["picture"]["switches"]) == (750, 2)
    assert read["estimate"] == 1_250_000
    assert json.loads(as_json(Figures()))["picture"] is None


def test_whether_anything_flowed():
    assert FIGURES.flows
    assert not Figures(sent={"audio": Stream()}).flows


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("https://wagu.example.org/live/Qm-_1", "live"),
        ("http://localhost:8080/map/Zk3/?x=1#y", "map"),
    ],
)
def test_a_link(text, kind):
    link = Link.read(text, kind)
    assert link.room.startswith(f"{kind}/")
    assert text.startswith(link.site)
    assert link.id in ("Qm-_1", "Zk3")


@pytest.mark.parametrize(
    "text", ["https://wagu.example.org", "https://wagu.example.org/map/x", "ftp://x/live/y", "x"]
)
def test_no_link(text):
    with pytest.raises(ProbeFailed, match="it looks like"):
        Link.read(text, "live")
