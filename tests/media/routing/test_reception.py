"""Reception reports against the pseudo code of RFC 3550, appendix A, written down once more."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.routing.reception import RESTARTS_APART, Reception

EDGES = (0, 1, 127, 32767, 32768, 65534, 65535)


class Reference:
    """RFC 3550 A.1, A.3 and A.8 in their own terms; without probation."""

    def __init__(self, clock_rate: int) -> None:
        self.clock_rate = clock_rate
        self.cycles = self.max_seq = self.base_seq = self.received = 0
        self.expected_prior = self.received_prior = 0
        self.transit: int | None = None
        self.jitter = 0.0
        self.started = False

    def update(self, seq: int, timestamp: int, now: float) -> None:
        if not self.started:
            self.started = True
            self.base_seq = self.max_seq = seq
        elif (seq - self.max_seq) % 65536 < 3000:
            if seq < self.max_seq:
                self.cycles += 65536
            self.max_seq = seq
        self.received += 1
        transit = round(now * self.clock_rate) - timestamp
        if self.transit is not None:
            d = abs(transit - self.transit)
            self.jitter += (d - self.jitter) / 16
        self.transit = transit

    def report(self) -> tuple[int, int]:
        expected = self.cycles + self.max_seq - self.base_seq + 1
        lost = expected - self.received
        expected_interval = expected - self.expected_prior
        received_interval = self.received - self.received_prior
        self.expected_prior, self.received_prior = expected, self.received
        lost_interval = expected_interval - received_interval
        fraction = 0
        if expected_interval > 0 and lost_interval > 0:
            fraction = min(255, (lost_interval << 8) // expected_interval)
        return fraction, max(-0x800000, min(0x7FFFFF, lost))


@given(
    start=st.sampled_from(EDGES),
    packets=st.lists(
        st.tuples(st.integers(0, 30), st.integers(0, 6), st.floats(0, 0.1), st.booleans()),
        min_size=1,
        max_size=200,
    ),
)
@settings(deadline=None)
def test_loss_jitter_and_highest_are_those_of_the_rfc(
    start: int, packets: list[tuple[int, int, float, bool]]
) -> None:
    ours, reference = Reception(48000), Reference(48000)
    sequence, now = start, 50.0
    ours.receive(start, (start * 960) % (1 << 32), now)
    reference.update(start, (start * 960) % (1 << 32), now)
    for lost, back, wait, reports in packets:
        sequence += 1 + lost
        now += wait
        # Up to six steps back: reordered; the timestamp belongs to the number.
        number = max(start, sequence - back)
        arguments = (number & 0xFFFF, (number * 960) % (1 << 32), now)
        assert ours.receive(*arguments) == number
        reference.update(*arguments)
        if reports:
            assert ours.report() == reference.report()
    assert ours.report() == reference.report()
    assert ours.highest == reference.cycles + reference.max_seq
    assert ours.received == reference.received
    assert ours.jitter == pytest.approx(reference.jitter, abs=1.5)  # the RFC counts whole ticks


def test_a_quarter_lost_is_64_of_256() -> None:
    reception = Reception(90000)
    for sequence in range(100):
        if sequence % 4 != 1:
            reception.receive(sequence, 0, 0.0)
    assert reception.report() == (64, 25)
    for sequence in range(100, 200):
        reception.receive(sequence, 0, 0.0)
    assert reception.report() == (0, 25)


def test_duplicates_make_the_loss_negative_but_no_fraction() -> None:
    reception = Reception(90000)
    for sequence in (5, 6, 6, 6):
        reception.receive(sequence, 0, 0.0)
    assert reception.lost == -2
    assert reception.report() == (0, -2)


def test_even_spacing_has_no_jitter_across_the_timestamps_wrap() -> None:
    reception = Reception(48000)
    for n in range(100):
        reception.receive(n, (0xFFFFFFFF - 20000 + n * 960) & 0xFFFFFFFF, 1000 + n * 0.02)
    assert reception.jitter == pytest.approx(0.0, abs=1e-3)


def test_nothing_received_reports_nothing() -> None:
    reception = Reception(48000)
    assert reception.report() == (0, 0)
    assert reception.highest == 0


@pytest.mark.parametrize("start", EDGES)
@pytest.mark.parametrize("jump", [3001, 20000, 32768, -1002, -20000])
def test_a_jump_counts_once_it_is_followed(start: int, jump: int) -> None:
    reception = Reception(48000)
    for n in range(10):
        reception.receive((start + n) & 0xFFFF, 0, 0.0)
    stray = (start + 9 + jump) & 0xFFFF
    assert reception.receive(stray, 0, 0.0) is None
    assert reception.restarts == 0
    assert reception.receive((stray + 1) & 0xFFFF, 0, 0.0) is not None
    assert reception.restarts == 1
    assert reception.lost == 0
    assert reception.receive((stray + 2) & 0xFFFF, 0, 0.0) is not None
    assert reception.restarts == 1


def test_one_stray_packet_changes_nothing() -> None:
    reception = Reception(48000)
    reception.receive(10, 0, 0.0)
    assert reception.receive(20000, 0, 0.0) is None
    assert reception.receive(11, 0, 0.0) == 11
    # not the one after the stray: what lies between has made that forgotten
    assert reception.receive(20001, 0, 0.0) is None
    assert (reception.restarts, reception.received) == (0, 2)


def test_numbers_are_never_given_twice_across_restarts() -> None:
    """A cache keyed by them would answer for the packet of another run."""
    reception = Reception(48000)
    seen: set[int] = set()
    for turn, base in enumerate((40000, 100, 40000, 100, 65530, 3, 50000, 1000)):
        now = turn * RESTARTS_APART
        # what overtakes the run's first packets counts too
        for n in (20, 21, *range(20), *range(22, 1500)):
            number = reception.receive((base + n) & 0xFFFF, 0, now)
            if number is not None:
                assert number not in seen
                seen.add(number)


def test_new_beginnings_are_bounded() -> None:
    """Each costs every receiver a new epoch, and two packets are enough for one."""
    reception = Reception(90000)
    for n in range(1000):
        sequence = (n // 2 * 20_000 + n % 2) & 0xFFFF
        reception.receive(sequence, 0, n * 0.01)
    assert reception.restarts == 10


@pytest.mark.parametrize("step", [1, 100, 2999])
def test_numbers_count_on_past_the_wrap(step: int) -> None:
    reception = Reception(48000)
    for n in range(0, 200_000, step):
        assert reception.receive(n & 0xFFFF, 0, 0.0) == n
