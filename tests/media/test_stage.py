"""A live's stage: viewers keep their streams whoever publishes, and leave nothing behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from media.codecs import Codec
from media.peer import Peer
from media.stage import Stage

MakePeer = Callable[..., tuple[Peer, Any]]
Vp8 = Callable[..., bytes]
MID, RID = 4, 10


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def show(rtp_bytes: Callable[..., bytearray], vp8: Vp8) -> Callable[..., None]:
    """show(publisher, sequence): one keyframe and one packet of sound."""

    def send(peer: Peer, sequence: int, now: float = 0.0) -> None:
        for payload, header in (
            (vp8(keyframe=True), {"payload_type": 96, "extensions": {MID: b"1", RID: b"h"}}),
            (b"sound", {"payload_type": 111, "extensions": {MID: b"0"}}),
        ):
            ssrc = header["payload_type"]
            data = rtp_bytes(payload, ssrc=ssrc, sequence=sequence, timestamp=sequence, **header)
            peer.on_rtp(data + bytes(100), len(data), now)

    return send


def sequences(wire: Any) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for packet in wire.rtp:
        found.setdefault(packet.payload_type, []).append(packet.sequence)
    return found


def test_a_viewer_gets_sound_and_picture(
    stage: Stage, make_peer: MakePeer, observer: Any, show: Callable[..., None]
) -> None:
    publisher, _ = make_peer("ann", "publish", observer)
    viewer, wire = make_peer("bo", "watch", observer)
    stage.publish(publisher, 0.0)
    stage.watch(viewer, 0.0)
    show(publisher, 7)
    show(publisher, 8)
    assert sequences(wire) == {96: [100, 101], 111: [100, 101]}


def test_viewers_keep_their_numbering_when_the_publisher_reloads(
    stage: Stage, make_peer: MakePeer, observer: Any, show: Callable[..., None]
) -> None:
    viewer, wire = make_peer("bo", "watch", observer)
    stage.watch(viewer, 0.0)
    for turn, start in enumerate((60000, 10, 30000)):
        publisher, _ = make_peer("ann", "publish", observer)
        stage.publish(publisher, float(turn))
        show(publisher, start, turn + 0.1)
        show(publisher, start + 1, turn + 0.2)
        publisher.close()
        stage.remove(publisher)
        assert stage.publisher is None
    assert sequences(wire) == {96: list(range(100, 106)), 111: list(range(100, 106))}
    pictures = [packet.timestamp for packet in wire.rtp if packet.payload_type == 96]
    assert pictures == sorted(pictures)
    assert pictures[2] - pictures[1] == pytest.approx(0.9 * 90000, abs=2)


def test_whoever_leaves_is_served_no_more(
    stage: Stage, make_peer: MakePeer, observer: Any, show: Callable[..., None]
) -> None:
    publisher, _ = make_peer("ann", "publish", observer)
    stage.publish(publisher, 0.0)
    wires = []
    for number in range(20):
        viewer, wire = make_peer(f"v{number}", "watch", observer)
        stage.watch(viewer, 0.0)
        viewer.close()
        stage.remove(viewer)
        wires.append(wire)
    publisher.tick(1.0)
    show(publisher, 7)
    assert all(wire.rtp == [] for wire in wires)
    for kind in ("audio", "video"):
        publication = publisher.publication(kind)
        assert publication is not None
        assert list(publication.subscriptions) == []
        assert not any(each.is_watched for each in publication.encodings.values())


def test_a_publisher_in_another_codec_is_not_forced_on_viewers(
    stage: Stage,
    make_peer: MakePeer,
    observer: Any,
    show: Callable[..., None],
    offer_text: Callable[[str], str],
    rtp_bytes: Callable[..., bytearray],
) -> None:
    viewer, wire = make_peer("bo", "watch", observer)
    stage.watch(viewer, 0.0)
    publisher, _ = make_peer("obs", "publish", observer, offer=offer_text("ffmpeg_publish"))
    assert stage.publish(publisher, 0.0) == [viewer], "it must negotiate anew"
    for payload_type, payload in ((106, b"\x67sps"), (111, b"sound")):
        data = rtp_bytes(payload, ssrc=payload_type, payload_type=payload_type)
        publisher.on_rtp(data + bytes(100), len(data), 0.0)
    assert [packet.payload for packet in wire.rtp] == [b"sound"]


def test_a_viewer_of_sound_must_negotiate_anew_for_a_picture(
    stage: Stage, make_peer: MakePeer, observer: Any, codecs: Mapping[str, Codec]
) -> None:
    listener, _ = make_peer("bo", "watch", observer, published={"audio": codecs["opus"]})
    viewer, _ = make_peer("cy", "watch", observer)
    publisher, _ = make_peer("ann", "publish", observer)
    stage.watch(listener, 0.0)
    stage.watch(viewer, 0.0)
    assert stage.publish(publisher, 0.0) == [listener]


def test_codecs_are_those_of_the_publisher(
    stage: Stage, make_peer: MakePeer, observer: Any, codecs: Mapping[str, Codec]
) -> None:
    assert stage.codecs == {}
    publisher, _ = make_peer("ann", "publish", observer)
    stage.publish(publisher, 0.0)
    assert {kind: codec.name for kind, codec in stage.codecs.items()} == {
        "audio": "opus",
        "video": "VP8",
    }


def test_a_viewer_that_was_replaced_does_not_take_its_successor_along(
    stage: Stage, make_peer: MakePeer, observer: Any, show: Callable[..., None]
) -> None:
    publisher, _ = make_peer("ann", "publish", observer)
    stage.publish(publisher, 0.0)
    old, _ = make_peer("bo", "watch", observer)
    new, wire = make_peer("bo", "watch", observer)
    stage.watch(old, 0.0)
    stage.watch(new, 0.0)
    stage.remove(old)
    show(publisher, 1)
    assert len(wire.rtp) == 2


def test_what_viewers_can_decode_is_known(stage: Stage, make_peer: MakePeer, observer: Any) -> None:
    """The publisher who comes next sends what they all can decode."""
    assert stage.capabilities == []
    viewer, _ = make_peer("bo", "watch", observer)
    stage.watch(viewer, 0.0)
    (names,) = [{codec.name for codec in each} for each in stage.capabilities]
    assert {"VP8", "VP9", "H264", "AV1"} <= names
    assert "opus" not in names
