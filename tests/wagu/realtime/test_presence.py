"""Presence without I/O: who changed, and when to tell."""

from __future__ import annotations

from wagu.domain.person import PersonId
from wagu.realtime.presence import Presence
from wagu.realtime.states import LookChange, LookState

A, B = PersonId("g_a"), PersonId("g_b")


def test_the_first_tick_is_due_at_once_and_the_next_after_50_ms() -> None:
    presence = Presence()
    assert presence.due() is None
    presence.look(A, at=(1.0, 2.0))
    due = presence.due()
    assert due is not None
    assert due <= 0
    assert presence.tick(10.0) == {A: LookChange((1.0, 2.0), None)}
    assert presence.due() is None
    presence.look(A, at=(1.0, 3.0))
    assert presence.due() == 10.05


def test_many_looks_are_one_the_newest() -> None:
    presence = Presence()
    for step in range(100):
        presence.look(A, at=(1.0, float(step)))
        presence.look(B, view=(1.0, 2.0, 14.0))
    assert presence.tick(1.0) == {
        A: LookChange((1.0, 99.0), None),
        B: LookChange(None, (1.0, 2.0, 14.0)),
    }
    assert presence.tick(2.0) == {}


def test_a_tick_holds_only_who_changed() -> None:
    presence = Presence()
    presence.look(A, at=(1.0, 2.0))
    presence.look(B, at=(1.0, 2.0))
    presence.tick(1.0)
    presence.look(A, at=(1.0, 2.0))
    presence.look(B, at=None)
    assert presence.tick(2.0) == {B: LookChange(None)}
    assert set(presence.everyone()) == {A, B}


def test_a_tick_holds_only_what_changed() -> None:
    presence = Presence()
    presence.look(A, at=(1.0, 2.0), view=(1.0, 2.0, 14.0))
    presence.tick(1.0)
    presence.look(A, at=(1.0, 3.0), view=(1.0, 2.0, 14.0))
    assert presence.tick(2.0) == {A: LookChange((1.0, 3.0))}
    presence.look(A, at=(1.0, 4.0))
    presence.look(A, view=(1.0, 2.0, 15.0))
    assert presence.tick(3.0) == {A: LookChange((1.0, 4.0), (1.0, 2.0, 15.0))}
    assert presence.everyone() == {A: LookState((1.0, 4.0), (1.0, 2.0, 15.0))}


def test_who_is_new_or_back_is_told_whole() -> None:
    """A slow reader may still wait for the pointer that somebody had before they left."""
    presence = Presence()
    presence.look(A, at=(1.0, 2.0))
    waiting = presence.tick(1.0)[A]
    presence.forget(A)
    presence.look(A, view=(1.0, 2.0, 14.0))
    back = presence.tick(2.0)[A]
    presence.look(B)
    assert presence.tick(3.0) == {B: LookChange(None, None)}
    assert waiting.followed_by(back) == LookChange(None, (1.0, 2.0, 14.0))


def test_who_is_forgotten_is_in_no_tick() -> None:
    presence = Presence()
    presence.look(A, at=(1.0, 2.0))
    presence.forget(A)
    presence.forget(B)
    assert presence.due() is None
    assert presence.tick(1.0) == presence.everyone() == {}
