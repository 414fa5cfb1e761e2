"""People come, go, reload, mute, speak and look in any order: the room stays sound."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from media.errors import MediaError
from media.events import Event, PeerClosed, SlotsChanged
from media.room import Room

MID, RID, LEVEL = 4, 10, 1
KEYS = st.sampled_from(("ann", "bo", "cy", "di"))


@pytest.fixture
def any_order(
    make_peer: Callable[..., Any],
    rtp_bytes: Callable[..., bytearray],
    vp8: Callable[..., bytes],
    offer_text: Callable[[str], str],
) -> type[RuleBasedStateMachine]:
    class AnyOrder(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.events: list[Event] = []
            self.room = Room("room", self.events.append, max_peers=4)
            self.wires: dict[str, Any] = {}
            self.gone: list[Any] = []
            self.sent_when_gone: list[int] = []
            self.numbers = {key: itertools.count(start) for key, start in STARTS.items()}
            self.now = 10.0

        @rule(
            key=KEYS,
            role=st.sampled_from(("talk", "publish", "guest", "watch")),
            connect=st.booleans(),
            ffmpeg=st.booleans(),
        )
        def come(self, key: str, role: Any, connect: bool, ffmpeg: bool) -> None:
            how = {"offer": offer_text("ffmpeg_publish")} if ffmpeg and role == "publish" else {}
            if role == "watch":
                how["published"] = self.room.stage.codecs
            try:
                self.room.check(key, role)
                peer, wire = make_peer(key, role, self.room, **how)
            except MediaError:
                return
            self.room.admit(peer, self.now)
            self.retire()
            # Whoever comes begins with empty slots; what its predecessor was told is void.
            self.events[:] = [e for e in self.events if getattr(e, "peer", None) != key]
            wire.connected = connect
            self.wires[key] = wire
            if connect:
                peer.on_connected(self.now)

        @rule(key=KEYS)
        def connect(self, key: str) -> None:
            peer, wire = self.room.peers.get(key), self.wires.get(key)
            if peer is not None and wire is not None and not wire.connected:
                wire.connected = True
                peer.on_connected(self.now)

        @rule(key=KEYS, lost=st.booleans())
        def go(self, key: str, lost: bool) -> None:
            peer = self.room.peers.get(key)
            if lost and peer is not None:
                peer.on_closed("timeout")
            else:
                self.room.remove(key, "left", self.now)
            self.retire()

        def retire(self) -> None:
            """Whoever was closed gets nothing from here on."""
            for event in self.events:
                if type(event) is PeerClosed and self.wires[event.peer].closed:
                    wire = self.wires.pop(event.peer)
                    self.gone.append(wire)
                    self.sent_when_gone.append(len(wire.rtp))
            self.events[:] = [event for event in self.events if type(event) is not PeerClosed]

        @rule(key=KEYS, muted=st.booleans())
        def mute(self, key: str, muted: bool) -> None:
            self.room.mute(key, muted)

        @rule(
            key=KEYS,
            rid=st.sampled_from((b"l", b"h")),
            keyframe=st.booleans(),
            level=st.integers(0, 127),
            skip=st.integers(0, 3),
            other=st.booleans(),
        )
        def send(
            self, key: str, rid: bytes, keyframe: bool, level: int, skip: int, other: bool
        ) -> None:
            peer, wire = self.room.peers.get(key), self.wires.get(key)
            if peer is None or wire is None or not wire.connected:
                return
            number = next(itertools.islice(self.numbers[key], skip, None)) & 0xFFFF
            sound = {MID: b"0", LEVEL: bytes([level])}
            sight = {MID: b"1", RID: rid}
            for payload, header in (
                (key.encode(), {"payload_type": 111, "ssrc": 1 + other, "extensions": sound}),
                (vp8(keyframe=keyframe), {"payload_type": 96, "ssrc": rid[0], "extensions": sight}),
            ):
                data = rtp_bytes(payload, sequence=number, timestamp=number * 960, **header)
                peer.on_rtp(data + bytes(200), len(data), self.now)

        @rule(ticks=st.integers(1, 30))
        def wait(self, ticks: int) -> None:
            for _ in range(ticks):
                self.now += 0.05
                self.room.tick(self.now)

        @invariant()
        def who_is_gone_gets_nothing(self) -> None:
            assert [len(wire.rtp) for wire in self.gone] == self.sent_when_gone

        @invariant()
        def no_number_is_used_twice(self) -> None:
            for wire in (*self.wires.values(), *self.gone):
                numbers = [(packet.ssrc, packet.sequence) for packet in wire.rtp]
                assert len(set(numbers)) == len(numbers)

        @invariant()
        def only_who_is_here_is_served(self) -> None:
            streams = {
                stream
                for key, peer in self.room.peers.items()
                for stream in peer.subscriptions.values()
                if self.wires[key].connected
            }
            for peer in self.room.peers.values():
                for track in peer.tracks:
                    assert set(track.publication.subscriptions) <= streams
                    for encoding in track.publication.encodings.values():
                        served = {*encoding.subscribers, *encoding.waiting}
                        assert served <= set(track.publication.subscriptions)
                        assert not (track.publication.muted and served)

        @invariant()
        def everybody_sits_where_it_was_told(self) -> None:
            told = {e.peer: e.slots for e in self.events if type(e) is SlotsChanged}
            for key, slots in told.items():
                peer = self.room.peers.get(key)
                if peer is None or peer.role != "talk" or not peer.connected:
                    continue
                for stream, holder in zip(peer.subscriptions.values(), slots, strict=True):
                    voice = self.room.peers[holder].publication("audio") if holder else None
                    assert stream.publication is voice

    return AnyOrder


QUICK = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    # No shrinking: of such stories it takes minutes. For a short one, add Phase.shrink.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
STARTS = {"ann": 0, "bo": 32760, "cy": 65530, "di": 40000}


def test_in_any_order(any_order: type[RuleBasedStateMachine]) -> None:
    run_state_machine_as_test(any_order, settings=QUICK)
