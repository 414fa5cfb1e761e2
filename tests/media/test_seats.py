"""A voice room's seating: subscriptions follow the holders, and leave nothing behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.codecs import Codec
from media.packets.rtp import Ssrc
from media.routing.publication import Publication
from media.routing.slots import assign_slots
from media.routing.subscription import Subscription
from media.seats import Holders, Seats

Subscribe = Callable[..., Subscription]


class House:
    """Seats for talkers with two slots each, who can speak."""

    def __init__(
        self, codec: Codec, subscribe_to: Subscribe, make_wire: Callable[[], Any], rtp: Any
    ) -> None:
        self.told: list[tuple[str, Holders]] = []
        self.seats = Seats(self.hear_of)
        self.voices: dict[str, Publication] = {}
        self.slots: dict[str, tuple[Subscription, ...]] = {}
        self.wires: dict[str, Any] = {}
        self._codec = codec
        self._subscribe_to = subscribe_to
        self._make_wire = make_wire
        self._rtp = rtp
        self._sent: dict[str, int] = {}
        self.unwelcome: dict[str, str] = {}
        """Who is sent away as soon as this one is told of anything."""
        self.now = 0.0

    def hear_of(self, key: str, holders: Holders) -> None:
        self.told.append((key, holders))
        if key in self.unwelcome:
            self.leave(self.unwelcome.pop(key))

    def enter(self, key: str, slots: int = 2) -> None:
        wire = self.wires[key] = self._make_wire()
        self.voices[key] = Publication(self._codec)
        self.slots[key] = tuple(
            self._subscribe_to(wire, self._codec, ssrc=number) for number in range(slots)
        )
        self.seats.add(key, self.voices[key], self.slots[key], self.now)

    def leave(self, key: str) -> None:
        """As a room does it: the peer closes first."""
        self.voices[key].close()
        for slot in self.slots[key]:
            slot.leave()
        self.seats.remove(key, self.now)

    def speak(self, *keys: str) -> None:
        """Half a second of speech of these and silence of all others."""
        for _ in range(25):
            self.now += 0.02
            for key in keys:
                self.seats.speakers.hear(key, 20, self.now)
        if self.seats.speakers.update(self.now):
            self.seats.arrange(self.now)

    def holders(self) -> dict[str, Holders]:
        """Who sits where, as was told last."""
        found = {key: (None,) * len(slots) for key, slots in self.slots.items()}
        found |= dict(self.told)
        return {key: holders for key, holders in found.items() if key in self.seats._talkers}

    def heard(self, key: str) -> set[str]:
        """Whose packets reach `key` now."""
        self.wires[key].rtp.clear()
        for number, (name, voice) in enumerate(self.voices.items(), 1):
            encoding = voice.encoding("", Ssrc(number))
            assert encoding is not None
            self._sent[name] = self._sent.get(name, 0) + 1
            packet = self._rtp(name.encode(), ssrc=number, sequence=self._sent[name])
            voice.receive(encoding, packet, self.now, -1)
        return {packet.payload.decode() for packet in self.wires[key].rtp}


@pytest.fixture
def house(
    codecs: Mapping[str, Codec],
    subscribe_to: Subscribe,
    make_wire: Callable[[], Any],
    rtp: Callable[..., Any],
) -> House:
    return House(codecs["opus"], subscribe_to, make_wire, rtp)


def test_all_hear_all_while_they_fit(house: House) -> None:
    for key in ("ann", "bo", "cy"):
        house.enter(key)
    assert house.heard("ann") == {"bo", "cy"}
    assert house.heard("bo") == {"ann", "cy"}
    assert house.heard("cy") == {"ann", "bo"}


def test_each_change_is_told_once(house: House) -> None:
    house.enter("ann")
    assert house.told == []
    house.enter("bo")
    assert house.told == [("ann", ("bo", None)), ("bo", ("ann", None))]
    house.told.clear()
    house.seats.arrange(house.now)
    assert house.told == []
    house.leave("bo")
    assert house.told == [("ann", (None, None))]


def test_who_speaks_gets_the_seat_of_who_does_not(house: House) -> None:
    for key in ("ann", "bo", "cy", "di"):
        house.enter(key)
    assert house.heard("ann") == {"bo", "cy"}
    house.speak("bo")
    house.speak("di")
    assert house.heard("ann") == {"bo", "di"}
    house.speak("cy", "di")
    assert house.heard("ann") == {"cy", "di"}


def test_a_seat_is_one_continuous_stream(house: House) -> None:
    for key in ("ann", "bo", "cy", "di"):
        house.enter(key)
    sequences: dict[int, list[int]] = {}
    for speaker in ("bo", "di", "cy", "di", "bo"):
        house.speak(speaker)
        house.heard("ann")
        for packet in house.wires["ann"].rtp:
            sequences.setdefault(packet.ssrc, []).append(packet.sequence)
    # What a voice sent while others sat in its place leaves no hole, only the seats' own packets.
    assert all(each == list(range(100, 105)) for each in sequences.values())
    assert len(sequences) == 2


def test_a_leavers_seat_goes_to_who_waited(house: House) -> None:
    for key in ("ann", "bo", "cy", "di"):
        house.enter(key)
    house.leave("bo")
    assert house.heard("ann") == {"cy", "di"}


def test_a_leaver_receives_nothing_any_more(house: House) -> None:
    for key in ("ann", "bo", "cy"):
        house.enter(key)
    house.leave("cy")
    assert house.heard("cy") == set()
    for voice in house.voices.values():
        assert not set(voice.subscriptions) & set(house.slots["cy"])


def test_churn_leaves_nothing_behind(house: House) -> None:
    house.enter("ann")
    for number in range(50):
        house.enter(f"guest-{number}")
        house.leave(f"guest-{number}")
    assert list(house.voices["ann"].subscriptions) == []
    assert house.heard("ann") == set()


def test_who_has_no_slots_is_heard_and_hears_nothing(house: House) -> None:
    house.enter("ann")
    house.enter("deaf", slots=0)
    assert house.heard("ann") == {"deaf"}
    assert house.heard("deaf") == set()


def test_a_listener_may_send_somebody_away(house: House) -> None:
    for key in ("ann", "bo"):
        house.enter(key)
    house.unwelcome = {"ann": "bo"}
    house.enter("cy")
    assert dict(house.told) == {
        "ann": (None, "cy"),
        "bo": ("ann", None),
        "cy": ("ann", None),
    }
    assert house.heard("cy") == {"ann"}


@given(
    steps=st.lists(
        st.tuples(st.sampled_from(("come", "go", "speak")), st.sampled_from("abcdefgh")),
        max_size=40,
    )
)
@settings(deadline=None, max_examples=60)
def test_large_rooms_are_seated_as_if_each_seat_were_looked_at(
    steps: list[tuple[str, str]],
    codecs: Mapping[str, Codec],
    subscribe_to: Subscribe,
    make_wire: Callable[[], Any],
    rtp: Callable[..., Any],
) -> None:
    house = House(codecs["opus"], subscribe_to, make_wire, rtp)
    there: set[str] = set()
    for step, key in steps:
        if step == "come" and key not in there:
            house.enter(key)
            there.add(key)
        elif step == "go" and key in there:
            house.leave(key)
            there.remove(key)
            house.told.append((key, (None, None)))
        elif step == "speak" and key in there:
            house.speak(key)
        speakers = house.seats.speakers
        ranked = sorted(there, key=speakers.rank)
        for listener, holders in house.holders().items():
            others = [other for other in ranked if other != listener]
            assert assign_slots(holders, others, speakers.active) == holders
            assert house.heard(listener) == {each for each in holders if each}


def test_removing_a_stranger_does_nothing(house: House) -> None:
    house.enter("ann")
    house.seats.remove("nobody", 0.0)
    assert house.told == []
