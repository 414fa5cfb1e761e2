"""Which layer a viewer is on: the best that flows, without flapping."""

from __future__ import annotations

from dataclasses import dataclass

from media.routing.layers import SETTLED, STALE, choose_layer


@dataclass
class Layer:
    name: str
    height: int
    bitrate: float = 0.0
    last_packet: float = 100.0
    flowing_since: float = 0.0
    stopped: bool = False


LOW, MIDDLE, HIGH = Layer("l", 180, 1e5), Layer("m", 360, 4e5), Layer("h", 720, 15e5)
NOW = 100.0


def test_the_best_that_flows() -> None:
    assert choose_layer([LOW, MIDDLE, HIGH], None, NOW, None) is HIGH
    assert choose_layer([HIGH, LOW], LOW, NOW, None) is HIGH


def test_nothing_flows() -> None:
    stale = Layer("l", 180, last_packet=NOW - STALE)
    assert choose_layer([stale], None, NOW, None) is None
    assert choose_layer([stale], stale, NOW, None) is stale
    assert choose_layer([], None, NOW, None) is None


def test_a_limit_is_kept() -> None:
    assert choose_layer([LOW, MIDDLE, HIGH], HIGH, NOW, 360) is MIDDLE
    assert choose_layer([LOW, MIDDLE, HIGH], HIGH, NOW, 359) is LOW


def test_where_nothing_fits_the_smallest_is_better_than_none() -> None:
    assert choose_layer([MIDDLE, HIGH], None, NOW, 100) is MIDDLE


def test_a_stale_layer_is_left_at_once() -> None:
    stale = Layer("h", 720, last_packet=NOW - STALE)
    young = Layer("m", 360, flowing_since=NOW - 0.01)
    assert choose_layer([young, stale], stale, NOW, None) is young


def test_a_layer_that_just_began_must_settle() -> None:
    young = Layer("h", 720, flowing_since=NOW - SETTLED + 0.01)
    assert choose_layer([MIDDLE, young], MIDDLE, NOW, None) is MIDDLE
    assert choose_layer([MIDDLE, young], MIDDLE, NOW + 0.02, None) is young


def test_with_nothing_yet_even_a_young_layer_will_do() -> None:
    young = Layer("l", 180, flowing_since=NOW)
    assert choose_layer([young], None, NOW, None) is young


def test_of_unknown_height_the_richer_is_better() -> None:
    """H.264 does not say its height where we look: there the bitrate decides."""
    thin, thick = Layer("a", 0, 2e5), Layer("b", 0, 8e5)
    assert choose_layer([thin, thick], None, NOW, None) is thick
    assert choose_layer([thin, thick], thin, NOW, None) is thick


def test_two_layers_alike_do_not_take_turns() -> None:
    """Bitrates waver; each change would cost everybody a keyframe."""
    one, other = Layer("a", 0, 8e5), Layer("b", 0, 8e5)
    current = choose_layer([one, other], one, NOW, None)
    for wave in range(20):
        one.bitrate, other.bitrate = (7e5, 9e5) if wave % 2 else (9e5, 7e5)
        assert choose_layer([one, other], current, NOW, None) is current
