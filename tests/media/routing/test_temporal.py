"""Temporal layers: down at any frame, up only where the stream allows it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from media.routing.temporal import TemporalFilter

NEVER = -1


def test_down_at_once_and_up_at_a_switching_point() -> None:
    layers = TemporalFilter()
    assert layers.passes(2, NEVER, 1)
    layers.target = 0
    assert layers.passes(0, NEVER, -1)
    assert not layers.passes(1, NEVER, 0)
    layers.target = 2
    assert not layers.passes(1, NEVER, 0)
    assert not layers.passes(2, 2, 1), "the layer between is missing"
    assert layers.passes(1, 1, 0)
    assert layers.passes(2, 2, 1)


def test_a_base_frame_may_open_all_layers() -> None:
    """So do dependency descriptors tell it: S for every decode target."""
    layers = TemporalFilter()
    layers.target = 0
    assert not layers.passes(1, NEVER, 0)
    layers.target = 2
    assert layers.passes(0, 2, 0)
    assert layers.current == 2


def test_a_keyframe_opens_what_is_wanted() -> None:
    layers = TemporalFilter()
    layers.target = 0
    layers.passes(0, NEVER, -1)
    layers.target = 2
    layers.restart()
    assert layers.passes(2, NEVER, 1)


def test_a_stream_without_layers_passes_whole() -> None:
    layers = TemporalFilter()
    layers.target = 0
    assert layers.passes(-1, NEVER, -1)


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.booleans())))
def test_the_base_always_passes_and_nothing_above_the_target(
    frames: list[tuple[int, int, bool]],
) -> None:
    layers = TemporalFilter()
    for target, layer, sync in frames:
        layers.target = target
        passed = layers.passes(layer, layer if sync else NEVER, layer - 1)
        assert passed or layer > 0
        assert not passed or layer <= target
