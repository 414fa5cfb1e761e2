"""Guests beside a live's publisher: who sees them, where, and what is left when they go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from media.errors import RoomFull
from media.events import Event, PublicationStarted, StageChanged
from media.packets import rtcp
from media.peer import Peer
from media.room import Room
from media.survey import peer_figures

MakePeer = Callable[..., tuple[Peer, Any]]
MID, RID = 4, 10


class Show:
    """A room on air, and what its viewers get of whom."""

    def __init__(self, make_peer: MakePeer, wide: str, rtp: Any, vp8: Callable[..., bytes]) -> None:
        self.events: list[Event] = []
        self.room = Room("live/1", self.events.append, max_peers=20)
        self.wires: dict[str, Any] = {}
        self._make, self._wide, self._rtp, self._vp8 = make_peer, wide, rtp, vp8

    def enter(self, key: str, role: Any, **how: Any) -> Peer:
        self.room.check(key, role)
        owner = how.pop("owner", key)
        peer, self.wires[key] = self._make(key, role, self.room, owner=owner, **how)
        self.room.admit(peer, 0.0)
        peer.on_connected(0.0)
        return peer

    def watch(self, key: str, **how: Any) -> Peer:
        return self.enter(key, "watch", offer=self._wide, **how)

    def show(self, key: str, sequence: int, mark: bytes, now: float = 0.0) -> None:
        """A keyframe and some sound."""
        peer = self.room.peers[key]
        for payload, header in (
            (
                self._vp8(mark, keyframe=True),
                {"payload_type": 96, "extensions": {MID: b"1", RID: b"l"}},
            ),
            (mark, {"payload_type": 111, "extensions": {MID: b"0"}}),
        ):
            ssrc = header["payload_type"]
            data = self._rtp(payload, ssrc=ssrc, sequence=sequence, timestamp=sequence, **header)
            peer.on_rtp(data + bytes(100), len(data), now)

    def seen(self, viewer: str) -> dict[int, list[bytes]]:
        """The last bytes of what came, by place."""
        places = {line.ssrc: line.place for line in self.room.peers[viewer].outgoing}
        found: dict[int, list[bytes]] = {}
        for packet in self.wires[viewer].rtp:
            found.setdefault(places[packet.ssrc], []).append(packet.payload[-4:])
        return found

    def places(self) -> list[tuple[str | None, ...]]:
        return [event.places for event in self.events if type(event) is StageChanged]


@pytest.fixture
def receive_remb() -> Callable[[Peer, int, float], None]:
    """The viewer's browser says what its link carries."""

    def say(viewer: Peer, bitrate: int, now: float) -> None:
        ssrcs = [line.ssrc for line in viewer.outgoing]
        data = rtcp.compound(rtcp.receiver_report(1, []), rtcp.remb(1, bitrate, ssrcs))
        viewer.on_rtcp(memoryview(data), now)

    return say


@pytest.fixture
def show(make_peer: MakePeer, wide_offer: str, rtp_bytes: Any, vp8: Callable[..., bytes]) -> Show:
    return Show(make_peer, wide_offer, rtp_bytes, vp8)


def test_viewers_see_and_hear_the_guest_beside_the_host(show: Show) -> None:
    show.enter("host", "publish")
    show.watch("before")
    show.enter("fan", "guest")
    show.watch("after")
    show.enter("plain", "watch")
    show.show("host", 7, b"host")
    show.show("fan", 7, b"fan!")
    for viewer in ("before", "after"):
        assert show.seen(viewer) == {0: [b"host", b"host"], 1: [b"fan!", b"fan!"]}
    assert show.seen("plain") == {0: [b"host", b"host"]}
    assert show.places() == [("fan", None, None)]
    started = [each for each in show.events if type(each) is PublicationStarted]
    assert started == [PublicationStarted("live/1", "host")], "a guest is not the live"


def test_a_muted_guest_is_still_seen(show: Show) -> None:
    show.enter("host", "publish")
    show.enter("fan", "guest")
    show.watch("viewer")
    show.room.mute("fan", True)
    show.show("fan", 7, b"fan!")
    assert show.seen("viewer") == {1: [b"fan!"]}
    show.room.mute("fan", False)
    show.show("fan", 8, b"back")
    assert show.seen("viewer") == {1: [b"fan!", b"back", b"back"]}


def test_nobody_sees_themselves(show: Show) -> None:
    show.enter("host", "publish")
    show.enter("stage", "guest", owner="fan")
    show.watch("at host", owner="host")
    show.watch("at fan", owner="fan")
    show.show("host", 7, b"host")
    show.show("stage", 7, b"fan!")
    assert show.seen("at host") == {1: [b"fan!", b"fan!"]}
    assert show.seen("at fan") == {0: [b"host", b"host"]}


def test_a_place_is_free_for_the_next_and_its_numbering_goes_on(show: Show) -> None:
    show.enter("host", "publish")
    viewer = show.watch("viewer")
    for turn, key in enumerate(("one", "two")):
        show.enter(key, "guest")
        show.show(key, 60000 * turn, b"here")
        show.room.remove(key, "left", 1.0)
    first, second = (line.ssrc for line in viewer.outgoing if line.place == 1)
    for ssrc in (first, second):
        assert [p.sequence for p in show.wires["viewer"].rtp if p.ssrc == ssrc] == [100, 101]
    nobody = (None, None, None)
    assert show.places() == [("one", None, None), nobody, ("two", None, None), nobody]


def test_others_keep_their_places(show: Show) -> None:
    show.enter("host", "publish")
    show.watch("viewer")
    for key in ("one", "two", "tri"):
        show.enter(key, "guest")
        show.show(key, 1, key.rjust(4).encode())
    with pytest.raises(RoomFull):
        show.enter("four", "guest")
    show.room.remove("one", "left", 1.0)
    assert show.places()[-1] == (None, "two", "tri")
    show.enter("four", "guest")
    show.show("four", 1, b"four")
    assert show.places()[-1] == ("four", "two", "tri")
    assert show.seen("viewer") == {
        1: [b" one", b" one", b"four", b"four"],
        2: [b" two", b" two"],
        3: [b" tri", b" tri"],
    }


def test_a_guest_who_reloads_comes_back_where_they_were(show: Show) -> None:
    show.enter("host", "publish")
    for key in ("one", "two", "tri"):
        show.enter(key, "guest")
        show.show(key, 1, b"here")
    show.enter("two", "guest")
    show.show("two", 1, b"back")
    assert show.places()[-2:] == [("one", None, "tri"), ("one", "two", "tri")]


def test_guests_and_viewers_outlast_a_host_who_reloads(show: Show) -> None:
    show.enter("host", "publish")
    show.watch("viewer")
    show.enter("fan", "guest")
    show.room.remove("host", "left", 1.0)
    show.show("fan", 1, b"fan!")
    show.enter("host", "publish")
    show.show("host", 1, b"host")
    assert show.seen("viewer") == {0: [b"host", b"host"], 1: [b"fan!", b"fan!"]}


def test_empty_places_are_in_no_statistics(show: Show) -> None:
    show.enter("host", "publish")
    viewer = show.watch("viewer")
    assert len(peer_figures(viewer, 0.0).receives) == 2
    show.enter("fan", "guest")
    assert len(peer_figures(viewer, 0.0).receives) == 4


def test_the_stage_is_the_hosts_when_it_is_recorded(show: Show) -> None:
    show.enter("fan", "guest")
    assert show.room.stage.publisher is None
    host = show.enter("host", "publish")
    assert show.room.stage.publisher is host


def test_a_narrow_link_keeps_the_host_before_the_guests(
    show: Show, receive_remb: Callable[[Peer, int, float], None]
) -> None:
    """Videos share what a viewer's link carries in the order of the offer."""
    show.enter("host", "publish")
    viewer = show.watch("viewer")
    show.enter("fan", "guest")
    now = 0.0
    for number in range(160):  # a fall of REMB alone stops no picture for 2.5 s
        now += 0.05
        for key in ("host", "fan"):  # 144 kbit/s of picture and of sound each
            show.show(key, number, b"x" * 900, now)
        for peer in tuple(show.room.peers.values()):
            peer.tick(now)
        receive_remb(viewer, 1_000_000 if number < 50 else 200_000, now)  # of video
    host, guest = (next(s for s in viewer.received(place) if s.is_video) for place in (0, 1))
    assert (host.aim.paused, guest.aim.paused) == (False, True)
