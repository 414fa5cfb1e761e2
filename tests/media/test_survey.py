"""The figures of a publisher and a viewer, as JSON: what was sent, what arrived, what it said."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from media import survey
from media.packets import ntp, rtcp
from media.packets.rtcp import ReportBlock, SenderReport
from media.packets.rtp import Ssrc
from media.peer import Peer
from media.statistics import to_json

MID, RID = 4, 10


@pytest.fixture
def pair(
    make_peer: Callable[..., tuple[Peer, Any]],
    observer: Any,
    receive: Callable[..., None],
    vp8: Callable[..., bytes],
) -> tuple[dict[str, Any], dict[str, Any], Callable[[bytes, float], None]]:
    """A live in which a keyframe and four pictures went by."""
    publisher, _ = make_peer("ann", "publish", observer)
    viewer, _ = make_peer("bo", "watch", observer)
    camera = publisher.publication("video")
    assert camera is not None
    for stream in viewer.subscriptions.values():
        if stream.codec.kind == "video":
            camera.subscribe(stream, 0.0)
    header = {"ssrc": 7, "payload_type": 96, "extensions": {MID: b"1", RID: b"h"}}
    for number in range(5):
        payload = vp8(keyframe=number == 0, height=720)
        receive(publisher, payload, number / 10, sequence=number, **header)

    def figures(peer: Peer, now: float) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(json.dumps(to_json(survey.peer_figures(peer, now))))
        return found

    def hear(data: bytes, now: float) -> None:
        viewer.on_rtcp(memoryview(data), now)

    publisher.on_rtcp(
        memoryview(rtcp.sender_report(SenderReport(Ssrc(7), ntp.from_unix(9.0), 0, 5, 99))), 1.0
    )
    (shown,) = [s for s in viewer.subscriptions.values() if s.codec.kind == "video"]
    hear(rtcp.pli(1, shown.ssrc), 1.2)
    block = ReportBlock(shown.ssrc, 128, 3, 0, 900, ntp.middle(ntp.from_unix(9.0)), ntp.delay(0.25))
    hear(rtcp.receiver_report(1, [block]), 1.5)
    # What it says of a stream that is not its own counts nowhere.
    hear(rtcp.receiver_report(1, [ReportBlock(Ssrc(0xBAD), 255, 9, 0, 0, 0, 0)]), 1.5)
    for tick in range(20, 42):
        viewer.tick(tick / 10)
    return figures(publisher, 1.0), figures(viewer, 1.0), hear


def test_a_publisher_is_described_layer_by_layer(pair: tuple[dict[str, Any], Any, Any]) -> None:
    told, _, _ = pair
    assert told["role"] == "publish"
    (layer,) = next(each for each in told["publishes"] if each["kind"] == "video")["layers"]
    assert (layer["rid"], layer["height"], layer["packets"]) == ("h", 720, 5)
    assert (layer["lost"], layer["watched"]) == (0, True)


def test_a_viewer_is_described_by_what_it_reports(pair: tuple[Any, dict[str, Any], Any]) -> None:
    _, told, _ = pair
    (stream,) = [each for each in told["receives"] if each["kind"] == "video"]
    assert (stream["rid"], stream["height"], stream["packets"]) == ("h", 720, 5)
    assert (stream["loss"], stream["lost"], stream["jitter"]) == (0.5, 3, 10.0)
    assert stream["rtt"] == pytest.approx(250, abs=1)
    assert stream["freezes"] == 1
    (sound,) = [each for each in told["receives"] if each["kind"] == "audio"]
    assert (sound["rid"], sound["loss"], sound["rtt"]) == (None, None, None)


def test_what_layers_are_chosen_by_stands_beside_what_the_viewer_said(
    make_peer: Callable[..., tuple[Peer, Any]], observer: Any
) -> None:
    viewer, _ = make_peer("bo", "watch", observer)
    seen = []
    for now, bitrate in enumerate((None, 900_000, 600_000, 610_000)):
        if bitrate is not None:
            viewer.on_rtcp(memoryview(rtcp.remb(1, bitrate, [1])), float(now))
        told = survey.peer_figures(viewer, float(now))
        seen.append((told.estimate, told.remb))
    assert seen[0] == (None, None)
    assert seen[1] == (None, pytest.approx(900_000, rel=0.001)), "no limit is known"
    assert seen[2] == (pytest.approx(600_000, rel=0.001),) * 2
    assert seen[3] == (pytest.approx(610_000, rel=0.001),) * 2
    viewer.on_moved(4.0)
    told = survey.peer_figures(viewer, 4.0)
    assert (told.estimate, told.remb) == (None, seen[3][1]), "another way, of which none is known"


def test_a_layer_tells_what_its_way_here_loses_and_how_long_repairs_take(
    make_peer: Callable[..., tuple[Peer, Any]],
    observer: Any,
    receive: Callable[..., None],
    vp8: Callable[..., bytes],
) -> None:
    publisher, _ = make_peer("ann", "publish", observer)
    viewer, _ = make_peer("bo", "watch", observer)
    camera = publisher.publication("video")
    assert camera is not None
    (stream,) = [each for each in viewer.subscriptions.values() if each.is_video]
    camera.subscribe(stream, 0.0)

    def send(number: int, now: float) -> None:
        receive(
            publisher, vp8(keyframe=number == 0), now, sequence=number, ssrc=7, payload_type=96,
            extensions={MID: b"1", RID: b"h"},
        )  # fmt: skip

    def layer() -> Any:
        return survey.peer_figures(publisher, 1.0).publishes[1].layers[0]

    send(0, 0.0)
    assert (layer().loss, layer().rtt) == (None, None)
    for number in (2, 3, 4):
        send(number, 0.1)
    publisher.tick(0.1)
    assert (layer().loss, layer().rtt) == (51 / 256, None), "one of five"
    send(1, 0.15)
    publisher.tick(1.2)
    assert layer().loss == 0
    assert layer().rtt == pytest.approx(1000 * (0.1 + (0.05 - 0.1) / 8), abs=0.01)


def test_what_no_longer_flows_has_no_bitrate(
    make_peer: Callable[..., tuple[Peer, Any]], observer: Any, receive: Callable[..., None]
) -> None:
    peer, _ = make_peer("ann", "publish", observer)
    for number in range(60):
        receive(
            peer,
            bytes(100),
            number / 50,
            ssrc=1,
            sequence=number,
            payload_type=111,
            extensions={MID: b"0"},
        )
    flowing = survey.peer_figures(peer, 1.2).publishes[0].layers[0]
    assert flowing.bitrate > 30_000
    stopped = survey.peer_figures(peer, 9.0).publishes[0].layers[0]
    assert stopped.bitrate == 0
