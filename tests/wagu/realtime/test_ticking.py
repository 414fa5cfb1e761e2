"""When rooms tick: in steps, together, and on time after one that came late."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from wagu.domain.ballot import Ballot
from wagu.domain.person import Person, PersonId, PersonRef
from wagu.ephemeral.share_maps import ShareMap
from wagu.media_backend.base import RoomKey
from wagu.realtime import messages as m
from wagu.realtime.delivery import Delivery
from wagu.realtime.map_room import MapRoom

A = Person(PersonId("g_a"), "guest", "하늘")


def room(name: str) -> MapRoom:
    host = PersonRef(PersonId("m_1"), "지민")
    share_map = ShareMap(name, "금요일", host, False, 0.0, 0.0)
    return MapRoom(RoomKey(f"map/{name}"), share_map, [], Ballot().view())


class Ticking:
    """A delivery whose timers fire by hand. `told`: how many moved, of each tick."""

    def __init__(self, now: float) -> None:
        self.now = now
        self.timers: list[tuple[float, Callable[[], None]]] = []
        self.told: list[int] = []
        self.delivery = Delivery(lambda: self.now, self._encode)

    def _encode(self, message: m.ServerMessage) -> bytes:
        assert isinstance(message, m.Presence)
        self.told.append(len(message.people))
        return b""

    def call_later(self, wait: float, callback: Callable[..., None], *args: Any) -> None:
        self.timers.append((wait, lambda: callback(*args)))

    def look(self, where: MapRoom, longitude: float) -> None:
        where.presence.look(A.id, at=(1.0, longitude))
        self.delivery.presence_changed(where)

    def fire(self, late: float = 0.0) -> float:
        """The next timer; how long it had to wait."""
        wait, callback = self.timers.pop(0)
        self.now += wait + late
        callback()
        return wait


@pytest.fixture
def ticking(monkeypatch: pytest.MonkeyPatch) -> Ticking:
    made = Ticking(now=100.001)
    monkeypatch.setattr(asyncio, "get_running_loop", lambda: made)
    return made


def test_rooms_that_are_due_tick_by_one_timer(ticking: Ticking) -> None:
    rooms = [room(name) for name in "abc"]
    for step, each in enumerate(rooms):
        ticking.look(each, 1.0)
        ticking.now += 0.001 * step
    assert len(ticking.timers) == 1
    ticking.fire()
    assert ticking.told == [1, 1, 1]


def test_the_first_look_waits_for_a_step_at_most(ticking: Ticking) -> None:
    ticking.look(room("a"), 1.0)
    assert ticking.fire() == pytest.approx(0.004)


@pytest.mark.parametrize("late", [0.0, 0.002, 0.012, 0.049])
def test_twenty_ticks_a_second_however_late_they_come(ticking: Ticking, late: float) -> None:
    """Looked at over ten minutes: floats must not lose a step here and there."""
    table, begun = room("a"), ticking.now
    for step in range(12_000):
        ticking.look(table, step / 1000)
        ticking.fire(late if step % 2 else 0.0)
    assert ticking.now - begun == pytest.approx(12_000 * 0.05, abs=0.1)


def test_after_a_stall_the_next_tick_comes_soon(ticking: Ticking) -> None:
    table = room("a")
    ticking.look(table, 1.0)
    ticking.fire(late=3.0)
    ticking.look(table, 2.0)
    assert ticking.fire() <= 0.005


def test_one_that_fails_does_not_stop_the_others(
    ticking: Ticking, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = room("a"), room("b")
    ticking.look(broken, 1.0)
    ticking.look(sound, 1.0)
    with capture_logs() as logs, monkeypatch.context() as patch:
        patch.setattr(broken.presence, "tick", _fail)
        ticking.fire()
    assert (ticking.told, [line["log_level"] for line in logs]) == ([1], ["error"])
    ticking.look(broken, 2.0)
    ticking.fire()
    assert ticking.told == [1, 1]


def test_after_the_end_nothing_ticks(ticking: Ticking) -> None:
    ticking.look(room("a"), 1.0)
    ticking.delivery.close()
    ticking.fire()
    assert ticking.told == []


def _fail(now: float) -> Any:
    raise RuntimeError(now)
