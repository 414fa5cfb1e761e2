"""A room: who may come, who is told, and what is left when they go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from media.errors import AlreadyPublished, NoPublication, RoomFull
from media.events import (
    Event,
    LayersWanted,
    PeerClosed,
    PeerConnected,
    PublicationStarted,
    SlotsChanged,
    SpeakersChanged,
)
from media.peer import Peer
from media.room import Room

MakePeer = Callable[..., tuple[Peer, Any]]


class Visit:
    """A room and its events."""

    def __init__(self, make_peer: MakePeer, rtp_bytes: Callable[..., bytearray]) -> None:
        self.events: list[Event] = []
        self.listener: Callable[[Event], object] = self.events.append
        self.room = Room("map/1", self._tell, max_peers=4)
        self.wires: dict[str, Any] = {}
        self._make_peer = make_peer
        self._rtp_bytes = rtp_bytes

    def _tell(self, event: Event) -> None:
        self.listener(event)

    def enter(self, key: str, role: str = "talk", *, connect: bool = True, **how: Any) -> Peer:
        self.room.check(key, role)  # type: ignore[arg-type]  # the tests' own roles
        peer, self.wires[key] = self._make_peer(key, role, self.room, **how)
        self.room.admit(peer, 0.0)
        if connect:
            peer.on_connected(0.0)
        return peer

    def speak(self, key: str, sequence: int, level: int = 20, now: float = 0.0) -> None:
        data = self._rtp_bytes(
            b"voice",
            ssrc=int.from_bytes(key.encode(), "big"),
            sequence=sequence,
            payload_type=111,
            extensions={4: b"0", 1: bytes([level])},
        )
        self.room.peers[key].on_rtp(data + bytes(100), len(data), now)

    def told(self, kind: type) -> list[Any]:
        found = [event for event in self.events if type(event) is kind]
        self.events[:] = [event for event in self.events if type(event) is not kind]
        return found


@pytest.fixture
def visit(make_peer: MakePeer, rtp_bytes: Callable[..., bytearray]) -> Visit:
    return Visit(make_peer, rtp_bytes)


def test_a_room_is_full_but_for_who_is_there_already(visit: Visit) -> None:
    for number in range(4):
        visit.enter(f"p{number}")
    with pytest.raises(RoomFull):
        visit.room.check("p4", "talk")
    visit.room.check("p3", "talk")


def test_one_publishes_and_viewers_need_a_publisher(visit: Visit) -> None:
    with pytest.raises(NoPublication):
        visit.room.check("bo", "watch")
    visit.enter("ann", "publish")
    visit.room.check("bo", "watch")
    with pytest.raises(AlreadyPublished):
        visit.room.check("bo", "publish")
    visit.room.check("ann", "publish")
    visit.room.remove("ann", "left", 0.0)
    visit.room.check("bo", "publish")


def test_coming_and_going_is_told(visit: Visit) -> None:
    visit.enter("ann")
    assert visit.events == [PeerConnected("map/1", "ann", "talk")]
    assert visit.room.remove("ann", "left", 0.0)
    assert visit.events[1:] == [PeerClosed("map/1", "ann", "talk", "left")]
    assert not visit.room.remove("ann", "left", 0.0)
    assert visit.wires["ann"].closed


def test_a_key_that_comes_again_replaces(visit: Visit) -> None:
    first = visit.enter("ann")
    old = visit.wires["ann"]
    second = visit.enter("ann")
    assert old.closed
    assert visit.told(PeerClosed) == [PeerClosed("map/1", "ann", "talk", "replaced")]
    assert visit.room.peers == {"ann": second}
    # What the old one's link still has to say concerns nobody.
    first.on_connected(1.0)
    first.on_closed("failed")
    assert visit.room.peers == {"ann": second}
    assert len(visit.told(PeerConnected)) == 2


def test_a_lost_link_removes_the_peer(visit: Visit) -> None:
    visit.enter("ann").on_closed("timeout")
    assert visit.told(PeerClosed) == [PeerClosed("map/1", "ann", "talk", "timeout")]
    assert visit.room.peers == {}


def test_only_who_is_connected_is_seated(visit: Visit) -> None:
    visit.enter("ann")
    waiting = visit.enter("bo", connect=False)
    assert visit.told(SlotsChanged) == []
    waiting.on_connected(1.0)
    changes = {event.peer: event.slots for event in visit.told(SlotsChanged)}
    assert changes["ann"][0] == "bo"
    assert changes["bo"][0] == "ann"
    assert len(changes["bo"]) == 6


def test_voices_are_heard_by_the_others_only(visit: Visit) -> None:
    for key in ("ann", "bo", "cy"):
        visit.enter(key)
    visit.speak("ann", 1)
    assert [packet.payload for packet in visit.wires["bo"].rtp] == [b"voice"]
    assert [packet.payload for packet in visit.wires["cy"].rtp] == [b"voice"]
    assert visit.wires["ann"].rtp == []


def test_a_muted_voice_is_not_heard(visit: Visit) -> None:
    visit.enter("ann")
    visit.enter("bo")
    visit.room.mute("ann", True)
    visit.room.mute("nobody", True)
    visit.speak("ann", 1)
    assert visit.wires["bo"].rtp == []
    visit.room.mute("ann", False)
    visit.speak("ann", 2)
    assert len(visit.wires["bo"].rtp) == 1


def test_speakers_are_told_within_300_ms_and_fade(visit: Visit) -> None:
    visit.enter("ann")
    visit.enter("bo")
    now = 10.0
    told_at = None
    for tick in range(8):  # 50 ms each, with packets every 20 ms
        for step in (0.0, 0.02, 0.04):
            visit.speak("ann", tick * 3 + round(step * 50), now=now + step)
        now += 0.05
        visit.room.tick(now)
        if told_at is None and visit.told(SpeakersChanged):
            told_at = now
    assert told_at is not None
    assert told_at - 10.0 <= 0.3
    for _ in range(20):
        now += 0.05
        visit.room.tick(now)
    assert visit.told(SpeakersChanged) == [SpeakersChanged("map/1", ())]


def test_a_speaker_who_leaves_stops_speaking(visit: Visit) -> None:
    visit.enter("ann")
    for sequence in range(10):
        visit.speak("ann", sequence, now=10.0)
    visit.room.tick(10.0)
    assert visit.told(SpeakersChanged) == [SpeakersChanged("map/1", ("ann",))]
    visit.room.remove("ann", "left", 10.0)
    visit.room.tick(10.2)
    assert visit.told(SpeakersChanged) == [SpeakersChanged("map/1", ())]


def test_viewers_who_cannot_take_the_next_publisher_are_sent_away(
    visit: Visit, offer_text: Callable[[str], str]
) -> None:
    """They would see nothing; their client comes back and negotiates the other codec."""
    visit.enter("ann", "publish")
    visit.enter("bo", "watch")
    visit.enter("ann", "publish")
    assert "bo" in visit.room.peers
    visit.events.clear()
    visit.enter("ann", "publish", offer=offer_text("ffmpeg_publish"))
    assert visit.told(PeerClosed) == [
        PeerClosed("map/1", "ann", "publish", "replaced"),
        PeerClosed("map/1", "bo", "watch", "failed"),
    ]


def test_a_listener_may_send_away_who_just_connected(visit: Visit) -> None:
    visit.enter("ann")

    def refuse(event: Event) -> None:
        visit.events.append(event)
        if event == PeerConnected("map/1", "bo", "talk"):
            visit.room.remove("bo", "left", 0.0)

    visit.listener = refuse
    visit.enter("bo")
    assert visit.told(SlotsChanged) == []
    assert list(visit.room.peers) == ["ann"]


def test_a_publication_starts_with_its_first_packet(visit: Visit) -> None:
    visit.enter("ann", "publish")
    assert visit.told(PublicationStarted) == []
    visit.speak("ann", 1)
    visit.speak("ann", 2)
    assert visit.told(PublicationStarted) == [PublicationStarted("map/1", "ann")]


def test_a_talker_starts_no_publication(visit: Visit) -> None:
    visit.enter("ann")
    visit.speak("ann", 1)
    assert visit.told(PublicationStarted) == []


def test_closing_tells_everybody(visit: Visit) -> None:
    visit.enter("ann", "publish")
    visit.enter("bo", "watch")
    visit.events.clear()
    visit.room.close("room_closed", 0.0)
    assert visit.events == [
        PeerClosed("map/1", "ann", "publish", "room_closed"),
        PeerClosed("map/1", "bo", "watch", "room_closed"),
    ]
    assert visit.room.peers == {}


def test_a_peer_may_be_closed_while_the_room_ticks(visit: Visit) -> None:
    """A listener of events may well send somebody away."""
    visit.enter("ann")
    visit.enter("bo")
    visit.listener = lambda event: visit.room.remove("bo", "left", 0.0)
    for sequence in range(10):
        visit.speak("ann", sequence, now=10.0)
    visit.room.tick(10.0)
    assert list(visit.room.peers) == ["ann"]


def test_a_publisher_learns_which_layers_are_worth_sending(
    visit: Visit, rtp_bytes: Callable[..., bytearray], vp8: Callable[..., bytes]
) -> None:
    """Nobody watches: the lowest is enough. Somebody comes: the best is wanted again at once."""
    publisher = visit.enter("ann", "publish")
    rids = publisher.tracks.tracks[1].incoming.rids
    heights = dict(zip(rids, (180, 360, 720), strict=True))
    for tick in range(70):
        now = tick / 10
        if tick == 60:
            visit.enter("bo", "watch")
        for number, rid in enumerate(rids):
            data = rtp_bytes(
                vp8(keyframe=True, height=heights[rid]),
                ssrc=0x77 + number,
                sequence=tick,
                timestamp=9000 * tick,
                extensions={4: b"1", 10: rid.encode()},
            )
            publisher.on_rtp(data + bytes(100), len(data), now)
        visit.room.tick(now)
    assert [each.rids for each in visit.told(LayersWanted)] == [rids[:1], (rids[0], rids[2])]
