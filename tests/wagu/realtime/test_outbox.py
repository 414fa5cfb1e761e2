"""The outbox: bounded, presence last and merged."""

from __future__ import annotations

import json

from wagu.realtime import messages as m
from wagu.realtime import states as s
from wagu.realtime.outbox import BYTES_MAX, FRAMES_MAX, Outbox


def looks(**people: float) -> dict[str, s.LookChange]:
    return {person: s.LookChange((0.0, lng)) for person, lng in people.items()}


def frame_of(people: dict[str, s.LookChange]) -> bytes:
    return m.encode(m.Presence(people))


def test_frames_leave_in_order() -> None:
    outbox = Outbox(m.encode)
    for frame in (b"1", b"2", b"3"):
        assert outbox.put(frame)
    assert [outbox.take() for _ in range(4)] == [b"1", b"2", b"3", None]


def test_it_is_full_at_256() -> None:
    outbox = Outbox(m.encode)
    assert all(outbox.put(b"x") for _ in range(FRAMES_MAX))
    assert not outbox.put(b"x")
    outbox.take()
    assert outbox.put(b"x")


def test_it_is_full_at_4_mib() -> None:
    outbox = Outbox(m.encode)
    assert outbox.put(b"x" * (BYTES_MAX - 1))
    assert outbox.put(b"x")
    assert not outbox.put(b"x")
    outbox.take()
    assert outbox.put(b"x")


def test_one_tick_is_sent_as_it_is() -> None:
    encoded: list[object] = []
    outbox = Outbox(lambda message: encoded.append(message) or b"")
    people = looks(a=1)
    frame = frame_of(people)
    for _ in range(3):
        outbox.put_presence(people, frame)
        assert outbox.take() is frame
    assert encoded == []


def test_ticks_that_wait_become_one() -> None:
    outbox = Outbox(m.encode)
    for people in (looks(a=1, b=1), looks(a=2), looks(c=3)):
        outbox.put_presence(people, frame_of(people))
    assert len(outbox) == 1
    merged = outbox.take()
    assert merged is not None
    assert json.loads(merged) == json.loads(frame_of(looks(a=2, b=1, c=3)))
    assert outbox.take() is None


def test_what_changed_of_one_person_is_merged() -> None:
    outbox = Outbox(m.encode)
    there, zoomed, gone = (0.0, 1.0), (0.0, 2.0, 14.0), None
    for change in (s.LookChange(there), s.LookChange(view=zoomed), s.LookChange(gone)):
        outbox.put_presence({"a": change}, b"")
    merged = outbox.take()
    assert merged is not None
    assert json.loads(merged)["people"] == {"a": {"at": None, "view": list(zoomed)}}


def test_a_tick_is_not_changed_by_the_merge() -> None:
    """Its people are shared by every socket of the room."""
    outbox = Outbox(m.encode)
    first = looks(a=1)
    outbox.put_presence(first, frame_of(first))
    outbox.put_presence(looks(b=1), b"")
    assert first == looks(a=1)


def test_presence_waits_for_everything_else() -> None:
    outbox = Outbox(m.encode)
    people = looks(a=1)
    outbox.put_presence(people, frame_of(people))
    outbox.put(b"chat")
    assert [outbox.take(), outbox.take()] == [b"chat", frame_of(people)]


def test_presence_of_a_room_one_left_is_not_sent() -> None:
    outbox = Outbox(m.encode)
    people = looks(a=1)
    outbox.put_presence(people, frame_of(people))
    outbox.forget_presence()
    assert (outbox.take(), len(outbox)) == (None, 0)
