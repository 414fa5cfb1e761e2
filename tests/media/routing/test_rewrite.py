"""One continuous stream out of many sources, wherever their numbers stand."""

from __future__ import annotations

import itertools
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from media.packets.sequence import is_newer, timestamp_distance
from media.routing.rewrite import MAX_EPOCHS, StreamRewriter

EDGES = (0, 1, 127, 32767, 32768, 65534, 65535)
CLOCK = 90000
FRAME = 3000  # 30 a second


def rewriter(first_sequence: int = 100, first_timestamp: int = 5000) -> StreamRewriter[str]:
    return StreamRewriter[str](CLOCK, first_sequence, first_timestamp)


@pytest.mark.parametrize(("first", "start"), list(itertools.product(EDGES, EDGES)))
def test_an_epoch_adds_constants_from_any_start_to_any_start(first: int, start: int) -> None:
    stream = rewriter(first, 0xFFFFFF00)
    epoch = stream.switch("a", start, 7, 0.0)
    outputs = [stream.advance(start + n, 7 + n * FRAME, n / 30) for n in range(5)]
    assert [out and out & 0xFFFF for out in outputs] == [(first + n) & 0xFFFF for n in range(5)]
    assert (7 + epoch.timestamp_offset) & 0xFFFFFFFF == 0xFFFFFF00
    for n in range(5):
        assert stream.origin((first + n) & 0xFFFF) == (epoch, start + n)


@pytest.mark.parametrize(("first", "start"), list(itertools.product(EDGES, EDGES)))
def test_the_next_epoch_continues_the_last(first: int, start: int) -> None:
    stream = rewriter(first)
    stream.switch("a", 1000, 90000, 10.0)
    stream.advance(1000, 90000, 10.0)
    stream.advance(1001, 93000, 10.033)
    stream.switch("b", start, 77, 10.1)
    output = stream.advance(start, 77, 10.1)
    assert output is not None
    assert output & 0xFFFF == (first + 2) & 0xFFFF
    # 67 ms after the packet before it, whatever the other source's clock says
    assert stream.current is not None
    assert 77 + stream.current.timestamp_offset == pytest.approx(5000 + 3000 + 6030, abs=1)


def test_loss_leaves_its_hole_and_a_late_packet_fills_it() -> None:
    stream = rewriter()
    stream.switch("a", 50, 0, 0.0)
    assert [stream.advance(n, 0, 0.0) for n in (50, 53, 51, 54)] == [
        0x10000 + 100,
        0x10000 + 103,
        0x10000 + 101,
        0x10000 + 104,
    ]


def test_what_came_before_the_epoch_is_not_passed_on() -> None:
    stream = rewriter()
    stream.switch("a", 50, 0, 0.0)
    stream.advance(50, 0, 0.0)
    stream.switch("b", 900, 0, 0.0)
    assert stream.advance(899, 0, 0.0) is None
    assert stream.origin(101) is None  # nothing was sent as 101 yet
    stream.advance(900, 0, 0.0)
    assert stream.origin(100) is not None


def test_a_late_packet_does_not_turn_the_timestamp_back() -> None:
    stream = rewriter(first_timestamp=0)
    stream.switch("a", 0, 0, 0.0)
    stream.advance(0, 0, 0.0)
    stream.advance(2, 6000, 0.0)
    stream.advance(1, 3000, 0.0)
    epoch = stream.switch("b", 0, 0, 0.0)
    assert epoch.timestamp_offset == 6001


def test_a_stopped_stream_counts_on_where_it_was() -> None:
    stream = rewriter()
    stream.switch("a", 0, 0, 0.0)
    stream.advance(0, 0, 0.0)
    stream.stop()
    assert stream.current is None
    epoch = stream.switch("a", 500, 0, 2.0)
    assert epoch.first_output == 0x10000 + 101
    assert epoch.timestamp_offset == 5000 + 2 * CLOCK


def test_picture_ids_count_on_from_the_newest_packet() -> None:
    stream = rewriter()
    epoch = stream.switch("a", 0, 0, 0.0, picture=32760, tl0=250)
    assert (epoch.picture_offset, epoch.tl0_offset) == (0, 0)
    newest = stream.advance(1, 0, 0.0)
    late = stream.advance(0, 0, 0.0)
    assert newest is not None
    assert late is not None
    stream.saw_picture(newest, 32761, 251)
    stream.saw_picture(late, 32760, 250)
    epoch = stream.switch("b", 0, 0, 0.0, picture=5, tl0=9)
    assert 5 + epoch.picture_offset == 32762
    assert 9 + epoch.tl0_offset == 252


def test_a_source_without_picture_ids_is_left_alone() -> None:
    stream = rewriter()
    stream.switch("a", 0, 0, 0.0, picture=100, tl0=1)
    output = stream.advance(0, 0, 0.0)
    assert output is not None
    stream.saw_picture(output, 100, None)
    epoch = stream.switch("b", 0, 0, 0.0)
    assert (epoch.picture_offset, epoch.tl0_offset) == (0, 0)


def test_what_is_older_than_the_epochs_kept_is_forgotten() -> None:
    stream = rewriter()
    for turn in range(MAX_EPOCHS + 1):
        stream.switch(str(turn), 0, 0, 0.0)
        stream.advance(0, 0, 0.0)
    assert stream.origin(100) is None
    found = stream.origin(101)
    assert found is not None
    assert found[0].source == "1"


def test_a_nack_for_the_future_finds_nothing() -> None:
    stream = rewriter()
    stream.switch("a", 0, 0, 0.0)
    stream.advance(0, 0, 0.0)
    assert stream.origin(101) is None
    assert stream.origin((100 + 0x8000) & 0xFFFF) is None


@dataclass
class Source:
    """One sender: its next numbers (sequence unwrapped) and what the network still holds back."""

    name: int
    sequence: int
    timestamp: int
    picture: int
    held: list[tuple[int, int, int]] = field(default_factory=list)

    def packet(self) -> tuple[int, int, int]:
        made = (self.sequence, self.timestamp, self.picture)
        self.sequence += 1
        self.timestamp = (self.timestamp + FRAME) & 0xFFFFFFFF
        self.picture = (self.picture + 1) & 0x7FFF
        return made


class AnyOrder(RuleBasedStateMachine):
    """Switches, loss and reordering in any interleaving, judged from the receiver's end."""

    @initialize(
        first=st.sampled_from(EDGES) | st.integers(0, 65535),
        timestamp=st.sampled_from((0, 5000, 0xFFFFFFFF)),
        starts=st.lists(st.sampled_from(EDGES), min_size=3, max_size=3),
        clocks=st.lists(st.integers(0, 0xFFFFFFFF), min_size=3, max_size=3),
        pictures=st.lists(st.sampled_from((0, 1, 127, 32766, 32767)), min_size=3, max_size=3),
    )
    def begin(
        self, first: int, timestamp: int, starts: list[int], clocks: list[int], pictures: list[int]
    ) -> None:
        self.now = 100.0
        self.stream = StreamRewriter[int](CLOCK, first, timestamp)
        self.sources = [Source(n, starts[n], clocks[n], pictures[n]) for n in range(3)]
        self.sent: dict[int, tuple[int, int]] = {}
        self.epochs: deque[Any] = deque(maxlen=MAX_EPOCHS)
        self.newest: int | None = None
        self.newest_timestamp = timestamp
        self.newest_picture: int | None = None

    def deliver(self, source: Source, packet: tuple[int, int, int], *, opens: bool) -> None:
        sequence, timestamp, picture = packet
        epoch = self.stream.current
        assert epoch is not None
        assert epoch.source == source.name
        output = self.stream.advance(sequence, timestamp, self.now)
        if output is None:
            assert sequence < epoch.first_input
            return
        assert output not in self.sent, "two packets under one number"
        out_timestamp = (timestamp + epoch.timestamp_offset) & 0xFFFFFFFF
        out_picture = picture + epoch.picture_offset
        if self.newest is None or output > self.newest:
            if self.newest is not None:
                assert is_newer(output & 0xFFFF, self.newest & 0xFFFF)
                assert timestamp_distance(out_timestamp, self.newest_timestamp) >= 0
            if opens and self.newest is not None:
                assert output == self.newest + 1, "no hole where the source changes"
                assert self.newest_picture is not None
                assert (out_picture - self.newest_picture) & 0x7FFF == 1
                assert timestamp_distance(out_timestamp, self.newest_timestamp) > 0
            self.newest, self.newest_timestamp = output, out_timestamp
            self.newest_picture = out_picture & 0x7FFF
        self.sent[output] = (source.name, sequence)
        self.stream.saw_picture(output, out_picture, None)

    def current(self) -> Source | None:
        epoch = self.stream.current
        return None if epoch is None else self.sources[epoch.source]

    @rule(which=st.integers(0, 2), lost=st.integers(0, 40), wait=st.floats(0, 3))
    def switch(self, which: int, lost: int, wait: float) -> None:
        source = self.sources[which]
        source.sequence += lost
        self.now += wait
        packet = source.packet()
        self.epochs.append(
            self.stream.switch(which, packet[0], packet[1], self.now, picture=packet[2])
        )
        self.deliver(source, packet, opens=True)

    @precondition(lambda self: self.current() is not None)
    @rule(lost=st.integers(0, 2999), wait=st.floats(0, 0.2))
    def forward(self, lost: int, wait: float) -> None:
        source = self.current()
        assert source is not None
        source.sequence += lost
        self.now += wait
        self.deliver(source, source.packet(), opens=False)

    @rule(which=st.integers(0, 2))
    def hold_back(self, which: int) -> None:
        source = self.sources[which]
        source.held.append(source.packet())

    @precondition(lambda self: (source := self.current()) is not None and source.held)
    @rule(which=st.integers(0, 100))
    def arrive_late(self, which: int) -> None:
        source = self.current()
        assert source is not None
        packet = source.held.pop(which % len(source.held))
        self.deliver(source, packet, opens=False)

    @rule()
    def stop(self) -> None:
        self.stream.stop()

    @invariant()
    def origin_inverts_advance(self) -> None:
        if not self.epochs or self.newest is None:
            return
        for output, (name, sequence) in self.sent.items():
            found = self.stream.origin(output & 0xFFFF)
            if self.newest - output >= 0x8000 or output < self.epochs[0].first_output:
                continue  # out of the window: whatever is found is another packet's
            assert found is not None
            assert (found[0].source, found[1]) == (name, sequence)


AnyOrder.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestAnyOrder = AnyOrder.TestCase
