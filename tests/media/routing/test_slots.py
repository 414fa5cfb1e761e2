"""Seats for voices: everyone while they fit, nobody cut off while speaking."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from media.routing.slots import assign_slots

PEOPLE = "abcdefghij"


def seats(text: str) -> tuple[str | None, ...]:
    """`"a.b"` → ("a", None, "b")"""
    return tuple(None if each == "." else each for each in text)


def test_a_free_seat_goes_to_the_best() -> None:
    assert assign_slots(seats("..."), "ab", "") == seats("ab.")
    assert assign_slots(seats("a."), "cab", "") == seats("ac")


def test_nobody_moves_when_somebody_leaves() -> None:
    assert assign_slots(seats("abc"), "ca", "") == seats("a.c")


def test_a_leavers_seat_is_taken_by_who_waited() -> None:
    assert assign_slots(seats("abc"), "acd", "") == seats("adc")


def test_a_speaker_takes_the_seat_of_the_least_worth_hearing() -> None:
    assert assign_slots(seats("abc"), "dbac", "d") == seats("abd")


def test_a_silent_one_takes_nobodys_seat() -> None:
    assert assign_slots(seats("abc"), "dabc", "") == seats("abc")


def test_where_all_speak_the_newcomer_waits() -> None:
    assert assign_slots(seats("abc"), "dabc", "abcd") == seats("abc")


def test_no_slots_and_nobody_there() -> None:
    assert assign_slots((), "abc", "abc") == ()
    assert assign_slots(seats("ab"), "", "") == seats("..")


@st.composite
def situations(draw: st.DrawFn) -> tuple[tuple[str | None, ...], list[str], list[str]]:
    count = draw(st.integers(0, 6))
    before = draw(st.permutations(PEOPLE))[:count]
    current = tuple(each if draw(st.booleans()) else None for each in before)
    others = draw(st.lists(st.sampled_from(PEOPLE), unique=True))
    speaking = draw(st.lists(st.sampled_from(PEOPLE), unique=True))
    return current, others, speaking


@given(situations())
def test_whatever_happens(
    situation: tuple[tuple[str | None, ...], list[str], list[str]],
) -> None:
    current, others, speaking = situation
    after = assign_slots(current, others, speaking)
    seated = [each for each in after if each is not None]

    assert len(after) == len(current)
    assert len(set(seated)) == len(seated), "nobody sits twice"
    assert set(seated) <= set(others), "nobody sits who is not there"
    for was, holder in zip(current, after, strict=True):
        if was in others and was in speaking:
            assert holder == was, "nobody is cut off while speaking"
        if was in others and len(others) <= len(current):
            assert holder == was, "nobody moves where all fit"
    assert len(seated) == min(len(others), len(current)), "no seat stays empty in vain"
    if set(others) - set(seated):
        unheard = set(speaking) & (set(others) - set(seated))
        assert not unheard or set(seated) <= set(speaking), "speakers before the silent"
    assert assign_slots(after, others, speaking) == after, "stable when nothing changes"
