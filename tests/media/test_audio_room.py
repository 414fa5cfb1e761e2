"""Fifty people in one voice room with six slots: who is heard, how it sounds, and what it costs."""

from __future__ import annotations

import itertools
import struct
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from media.events import Event, SlotsChanged, SpeakersChanged
from media.packets.sequence import distance, timestamp_distance
from media.peer import Peer
from media.room import Room

MakePeer = Callable[..., tuple[Peer, Any]]

PEOPLE, SLOTS = 50, 6
FRAME, TICK = 0.02, 0.06  # seconds: of a packet, and between heartbeats
RATE = 48_000
OPUS, LEVEL, MID = 111, 1, 4
TURNS, TURN = 5, 0.6  # seconds
LOUD, QUIET = 20, 80  # −dBov
HEADER = struct.Struct("!BBHII")


@dataclass(frozen=True, slots=True)
class Heard:
    """One packet at one listener's: when, in which slot, and whose voice it carries."""

    at: float
    ssrc: int
    sequence: int
    timestamp: int
    marker: bool
    who: str


class Ear:
    """A listener's wire."""

    connected = True

    def __init__(self, hall: Hall) -> None:
        self.heard: list[Heard] = []
        self._hall = hall

    def send_rtp(self, buffer: bytearray, length: int) -> bool:
        _, second, sequence, timestamp, ssrc = HEADER.unpack_from(buffer)
        who = bytes(buffer[length - 3 : length]).decode()
        heard = Heard(self._hall.now, ssrc, sequence, timestamp, second > 127, who)
        self.heard.append(heard)
        return True

    def send_rtcp(self, data: bytes) -> bool:
        return True

    def route(self) -> None:
        """No batches here."""

    def note_batches(self) -> None:
        pass

    def close(self) -> None:
        pass

    def slots(self) -> dict[int, list[Heard]]:
        found = defaultdict(list)
        for each in self.heard:
            found[each.ssrc].append(each)
        return found


class Hall:
    """The room with all who are in it; `run` lets time pass, and everybody sends all the time."""

    def __init__(self, make_peer: MakePeer) -> None:
        self.now = 0.0
        self.events: list[Event] = []
        self.room = Room("map/1", self.events.append, PEOPLE)
        self.ears: dict[str, Ear] = {}
        self.names = [f"p{number:02}" for number in range(PEOPLE)]
        self._sequence = 0
        self._ticked = 0.0
        for name in self.names:
            peer, _ = make_peer(name, "talk", self.room)
            self.ears[name] = Ear(self)
            # Numbers begin where they wrap soonest.
            peer.attach(self.ears[name], lambda bits: (1 << bits) - 50)  # type: ignore[arg-type]  # a duck
            self.room.admit(peer, 0.0)
            peer.on_connected(0.0)

    def run(self, seconds: float, level_of: Callable[[str, float], int]) -> None:
        for _ in range(round(seconds / FRAME)):
            self.now += FRAME
            self._sequence += 1
            for name in self.names:
                self._speak(name, level_of(name, self.now))
            if self.now - self._ticked >= TICK:
                self._ticked = self.now
                self.room.tick(self.now)

    def told(self, kind: type) -> list[Any]:
        return [event for event in self.events if type(event) is kind]

    def _speak(self, name: str, level: int) -> None:
        sequence = self._sequence
        head = HEADER.pack(0x90, OPUS, sequence, sequence * 960, int(name[1:]) + 0x5000)
        elements = bytes([LEVEL << 4, level, MID << 4, ord("0")])
        data = bytearray(head + struct.pack("!HH", 0xBEDE, 1) + elements + name.encode())
        self.room.peers[name].on_rtp(data, len(data), self.now)


def in_turn(name: str, now: float) -> int:
    """Five people, each for TURN and one after the other; a sneeze of somebody else's between."""
    turn = int(now / TURN)
    if name == "p33" and 0.91 < now < 0.93:
        return 0
    return LOUD if name == f"p{turn * 9 % PEOPLE:02}" else QUIET


def crowd(name: str, now: float) -> int:
    """Nine at once, who begin one after the other and go on."""
    number = int(name[1:]) - 40
    return LOUD if 0 <= number < 9 and now > 1.0 + number * 0.2 else QUIET


@pytest.fixture(scope="module")
def turns(make_peer: MakePeer) -> Hall:
    """After five people spoke in turn."""
    hall = Hall(make_peer)
    hall.run(TURNS * TURN, in_turn)
    return hall


@pytest.fixture(scope="module")
def crowded(make_peer: MakePeer) -> Hall:
    """After nine people spoke at once."""
    hall = Hall(make_peer)
    hall.run(3.2, crowd)
    return hall


def switches(heard: list[Heard]) -> Iterator[tuple[Heard, Heard]]:
    return ((a, b) for a, b in itertools.pairwise(heard) if a.who != b.who)


def test_each_who_speaks_is_heard_by_all_in_time(turns: Hall) -> None:
    for turn in range(TURNS):
        speaker = f"p{turn * 9:02}"
        for listener, ear in turns.ears.items():
            if listener == speaker:
                continue
            heard = [h for h in ear.heard if h.who == speaker and 0 <= h.at - turn * TURN < TURN]
            # Three packets to be sure that it is speech, then the next heartbeats.
            assert heard[0].at - turn * TURN < 0.25
            assert len(heard) >= (TURN - 0.25) / FRAME


def test_a_slot_sounds_like_one_speaker_who_never_stops(turns: Hall) -> None:
    """No number is missing, time goes on as it does outside, and a new voice begins a spurt."""
    switched = 0
    for ear in turns.ears.values():
        for heard in ear.slots().values():
            for a, b in itertools.pairwise(heard):
                assert distance(b.sequence, a.sequence) == 1
                passed = timestamp_distance(b.timestamp, a.timestamp) / RATE
                assert passed == pytest.approx(b.at - a.at, abs=FRAME / 2)
                assert b.marker == (a.who != b.who)
            switched += len(list(switches(heard)))
    assert switched >= 3 * PEOPLE


def test_a_slot_is_never_silent_for_long(turns: Hall) -> None:
    for ear in turns.ears.values():
        for heard in ear.slots().values():
            assert all(b.at - a.at <= 2 * FRAME for a, b in itertools.pairwise(heard))


def test_what_a_listener_gets_is_bounded_by_the_slots(crowded: Hall) -> None:
    """Of 2,500 packets a second that come in, each listener gets 300."""
    for ear in crowded.ears.values():
        at_once: dict[float, int] = defaultdict(int)
        for each in ear.heard:
            at_once[each.at] += 1
        assert max(at_once.values()) == SLOTS
        assert len(ear.slots()) == SLOTS


def test_nobody_is_cut_off_in_the_middle_of_a_word(crowded: Hall) -> None:
    for ear in crowded.ears.values():
        for heard in ear.slots().values():
            for old, new in switches(heard):
                assert crowd(old.who, new.at - FRAME) == QUIET
    # Six of nine are heard to the end: those who began first.
    for listener, ear in crowded.ears.items():
        last = {each.who for each in ear.heard if each.at > crowded.now - FRAME / 2}
        first = [f"p{40 + n}" for n in range(9) if f"p{40 + n}" != listener]
        assert last == set(first[:SLOTS])


def test_who_speaks_is_told_and_seldom(turns: Hall) -> None:
    told = turns.told(SpeakersChanged)
    named = {name for each in told for name in each.speakers}
    assert named == {f"p{n * 9:02}" for n in range(TURNS)}
    # A beginning and an end each, and no word of the sneeze.
    assert len(told) <= 2 * TURNS
    moves = [each for each in turns.told(SlotsChanged) if each.peer == "p01"]
    assert len(moves) <= SLOTS + TURNS, "its seats are taken once at first, and once a speaker"
