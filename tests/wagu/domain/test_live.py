"""The life of a live: every pair of states."""

from __future__ import annotations

import itertools

import pytest

from wagu.domain.live import (
    TRANSITIONS,
    LiveState,
    UnknownTransition,
    check_transition,
    live_title,
)
from wagu.errors import Invalid

WAITING, ON_AIR, INTERRUPTED, ENDED = LiveState
ARROWS = {
    (WAITING, ON_AIR),
    (WAITING, ENDED),
    (ON_AIR, INTERRUPTED),
    (ON_AIR, ENDED),
    (INTERRUPTED, ON_AIR),
    (INTERRUPTED, ENDED),
}


@pytest.mark.parametrize(("now", "then"), list(itertools.product(LiveState, LiveState)))
def test_arrows(now, then):
    if (now, then) in ARROWS:
        check_transition(now, then)
    else:
        with pytest.raises(UnknownTransition):
            check_transition(now, then)


def test_the_table_knows_every_state():
    assert set(TRANSITIONS) == set(LiveState)


def test_titles():
    assert live_title("  을지로   노포 ") == "을지로 노포"
    for raw in ("", "x" * 61, "a\u2028b"):
        with pytest.raises(Invalid, match=r"live\.bad_title"):
            live_title(raw)
